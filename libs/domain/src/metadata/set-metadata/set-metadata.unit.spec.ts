import { AppendRefused } from '../../ports/event-log.js';
import { RecordingPorts } from '../../testing/fakes.js';
import { revisionOf } from '../revision.js';
import { type Expected, SetMetadata, type SetMetadataResult } from './set-metadata.js';
import { SetMetadataHandler } from './set-metadata.handler.js';

const context = { source: 'test', actor: { protocol: 'http' as const }, correlationId: 'c', now: new Date(0) };
const current = { value: 'old', revision: 3, position: 41 };

describe('setting metadata', () => {
  let ports: RecordingPorts;
  beforeEach(() => {
    ports = new RecordingPorts();
    ports.annotations.metadata = { study: 'S', patient: 'P', current };
  });
  const set = (expected?: Expected, level: 'Patient' | 'Series' = 'Series'): Promise<SetMetadataResult> =>
    new SetMetadataHandler(ports.writer, ports.annotationLookup, ports.sealer).execute(
      new SetMetadata({ level, id: 'r', metadata: 1024 }, 'new', expected, 100, context),
    );

  it('appends the value, sealed for its study, and says which revision the fold made of it', async () => {
    ports.outcomeOf = () => ({ kind: 'revised', revision: 4 });
    expect(await set()).toEqual({ kind: 'set', revision: 4 });
    expect(ports.steps).toEqual(['seal for S', 'append']);
    expect(ports.appended).toMatchObject([
      {
        type: 'annal.metadata.set.v1',
        subject: 'series/r',
        data: { level: 'Series', id: 'r', metadata: 1024, maximum: 100 },
        sealed: { value: 'sealed new' },
      },
    ]);
    expect(ports.appended[0]!.data).not.toHaveProperty('expected');
  });

  it("seals a patient's for the patient, and starts at revision 0", async () => {
    ports.annotations.metadata = { study: 'S', patient: 'P' };
    expect(await set(undefined, 'Patient')).toEqual({ kind: 'set', revision: 0 });
    expect(ports.steps).toEqual(['seal for P', 'append']);
  });

  it.each<[Expected, object]>([
    [revisionOf(3, 'old'), { expected: 41 }],
    [undefined, {}],
  ])('lets the fold compare what the client knows: %j', async (expected, part) => {
    await set(expected);
    expect(ports.appended[0]!.data).toMatchObject(part);
  });

  it.each<Expected>([revisionOf(2, 'old'), revisionOf(3, 'other'), 'unsaid'])(
    'appends nothing where the client knows another one, or does not say: %j',
    async (expected) => {
      expect(await set(expected)).toEqual({ kind: 'conflict' });
      expect(ports.steps).toEqual([]);
    },
  );

  it.each<Expected>([revisionOf(2, 'old'), 'unsaid'])('wants none to be there where none was: %j', async (expected) => {
    ports.annotations.metadata = { study: 'S', patient: 'P' };
    expect(await set(expected)).toEqual({ kind: 'set', revision: 0 });
    expect(ports.appended[0]!.data).toMatchObject({ expected: null });
  });

  it.each(['not-found', 'conflict', 'too-many'] as const)('says what the fold found: %s', async (kind) => {
    ports.outcomeOf = () => ({ kind });
    expect(await set()).toEqual({ kind });
  });

  it('appends nothing for a resource that is not there', async () => {
    ports.annotations.metadata = undefined;
    expect(await set()).toEqual({ kind: 'not-found' });
    expect(ports.steps).toEqual([]);
  });

  it('fails where the event is refused', async () => {
    ports.failures.set('append', new AppendRefused('no'));
    await expect(set()).rejects.toThrow('no');
  });
});
