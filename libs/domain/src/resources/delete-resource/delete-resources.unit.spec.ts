import type { Outcome } from '../../ports/outcome.js';
import { RecordingPorts } from '../../testing/fakes.js';
import { DeleteResources } from './delete-resources.js';
import { DeleteResourcesHandler } from './delete-resources.handler.js';

const context = { source: 'test', actor: { protocol: 'http' as const }, correlationId: 'c', now: new Date(0) };
const removed: Outcome = { kind: 'removed', remaining: null };

describe('deleting resources', () => {
  let ports: RecordingPorts;
  beforeEach(() => {
    ports = new RecordingPorts();
    ports.levels.set('a', 'Study').set('b', 'Instance');
    ports.outcomeOf = () => removed;
  });
  const execute = (resources: DeleteResources['resources']): Promise<readonly Outcome[]> =>
    new DeleteResourcesHandler(ports.writer, ports.lookup).execute(new DeleteResources(resources, context));

  it('appends a removal of each that is there, in order, together', async () => {
    expect(await execute([{ id: 'b' }, { id: 'a' }])).toEqual([removed, removed]);
    expect(ports.steps).toEqual(['lookup', 'append']);
    expect(ports.appended.map(({ type, subject, data }) => ({ type, subject, data }))).toEqual([
      { type: 'annal.resource.deleted.v1', subject: 'instances/b', data: { level: 'Instance', id: 'b' } },
      { type: 'annal.resource.deleted.v1', subject: 'studies/a', data: { level: 'Study', id: 'a' } },
    ]);
  });

  it('appends nothing for what is not there, or not at that level', async () => {
    expect(await execute([{ id: 'x' }, { level: 'Patient', id: 'a' }])).toEqual([
      { kind: 'not-found' },
      { kind: 'not-found' },
    ]);
    expect(ports.steps).toEqual(['lookup']);
  });

  it('says of each what the fold made of it, in the order of the wish', async () => {
    ports.outcomeOf = ({ data }) => ('id' in data && data.id === 'b' ? { kind: 'not-found' } : removed);
    expect(await execute([{ id: 'x' }, { level: 'Study', id: 'a' }, { id: 'b' }])).toEqual([
      { kind: 'not-found' },
      removed,
      { kind: 'not-found' },
    ]);
  });

  it('appends very many in several batches, as one would be too large for a log', async () => {
    const many = Array.from({ length: 450 }, (_, i) => ({ id: `i${i}` }));
    for (const { id } of many) ports.levels.set(id, 'Instance');
    expect(await execute(many)).toEqual(many.map(() => removed));
    expect(ports.steps).toEqual(['lookup', 'append', 'append', 'append']);
    expect(ports.appended.map(({ subject }) => subject)).toEqual(many.map(({ id }) => `instances/${id}`));
  });
});
