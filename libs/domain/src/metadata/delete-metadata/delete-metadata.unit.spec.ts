import { RecordingPorts } from '../../testing/fakes.js';
import { revisionOf } from '../revision.js';
import type { Expected } from '../set-metadata/set-metadata.js';
import { DeleteMetadata, type DeleteMetadataResult } from './delete-metadata.js';
import { DeleteMetadataHandler } from './delete-metadata.handler.js';

const context = { source: 'test', actor: { protocol: 'http' as const }, correlationId: 'c', now: new Date(0) };

describe('deleting metadata', () => {
  let ports: RecordingPorts;
  beforeEach(() => {
    ports = new RecordingPorts();
    const current = { value: 'old', revision: 3, position: 41 };
    ports.annotations.metadata = { study: 'S', patient: 'P', current };
  });
  const remove = (expected?: Expected): Promise<DeleteMetadataResult> =>
    new DeleteMetadataHandler(ports.writer, ports.annotationLookup).execute(
      new DeleteMetadata({ level: 'Study', id: 'r', metadata: 1024 }, expected, context),
    );

  it('appends that it is gone, and what the client knows of it', async () => {
    expect(await remove()).toBe('deleted');
    expect(await remove(revisionOf(3, 'old'))).toBe('deleted');
    expect(ports.appended.map(({ type, subject, data }) => ({ type, subject, data }))).toEqual([
      {
        type: 'annal.metadata.deleted.v1',
        subject: 'studies/r',
        data: { level: 'Study', id: 'r', metadata: 1024 },
      },
      {
        type: 'annal.metadata.deleted.v1',
        subject: 'studies/r',
        data: { level: 'Study', id: 'r', metadata: 1024, expected: 41 },
      },
    ]);
  });

  it('appends nothing where it is another one, or none', async () => {
    expect(await remove(revisionOf(3, 'other'))).toBe('conflict');
    ports.annotations.metadata = { study: 'S', patient: 'P' };
    expect(await remove(revisionOf(3, 'old'))).toBe('not-found');
    ports.annotations.metadata = undefined;
    expect(await remove()).toBe('not-found');
    expect(ports.steps).toEqual([]);
  });

  it.each(['not-found', 'conflict'] as const)('says what the fold found: %s', async (kind) => {
    ports.outcomeOf = () => ({ kind });
    expect(await remove()).toBe(kind);
  });
});
