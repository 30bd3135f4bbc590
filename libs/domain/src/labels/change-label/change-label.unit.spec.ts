import { RecordingPorts } from '../../testing/fakes.js';
import { isLabel } from '../label.js';
import { ChangeLabel, type ChangeLabelResult } from './change-label.js';
import { ChangeLabelHandler } from './change-label.handler.js';

const context = { source: 'test', actor: { protocol: 'http' as const }, correlationId: 'c', now: new Date(0) };

describe('changing labels', () => {
  let ports: RecordingPorts;
  beforeEach(() => {
    ports = new RecordingPorts();
    ports.annotations.labels = ['old'];
  });
  const change = (kind: 'add' | 'remove', label: string): Promise<ChangeLabelResult> =>
    new ChangeLabelHandler(ports.writer, ports.annotationLookup).execute(
      new ChangeLabel({ level: 'Study', id: 'r', label }, kind === 'add' ? { kind, maximum: 9 } : { kind }, context),
    );

  it('appends what changes, and nothing else', async () => {
    for (const [kind, label] of [
      ['add', 'new'],
      ['add', 'old'],
      ['remove', 'old'],
      ['remove', 'none'],
    ] as const) {
      expect(await change(kind, label)).toBe('done');
    }
    expect(ports.appended.map(({ type, subject, data }) => [type, subject, data])).toEqual([
      ['annal.label.added.v1', 'studies/r', { level: 'Study', id: 'r', label: 'new', maximum: 9 }],
      ['annal.label.removed.v1', 'studies/r', { level: 'Study', id: 'r', label: 'old' }],
    ]);
  });

  it('says that the resource is not there, or has too many', async () => {
    ports.outcomeOf = () => ({ kind: 'too-many' });
    expect(await change('add', 'new')).toBe('too-many');
    ports.outcomeOf = () => ({ kind: 'not-found' });
    expect(await change('remove', 'old')).toBe('not-found');
    ports.annotations.labels = undefined;
    expect(await change('add', 'new')).toBe('not-found');
    expect(ports.appended).toHaveLength(2);
  });

  it.each([
    ['a', true],
    ['Zeta_9-x', true],
    ['', false],
    ['a b', false],
    ['é', false],
    ['a\n', false],
    ['1234567890', true],
    ['12345678901', false],
  ])('takes %j for a label of at most ten characters: %s', (text, expected) => {
    expect(isLabel(text, 10)).toBe(expected);
  });
});
