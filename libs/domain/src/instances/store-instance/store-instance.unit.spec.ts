import { AppendRefused, AppendUnknown } from '../../ports/event-log.js';
import { NotYetVisible } from '../../ports/event-writer.js';
import { StorageFull } from '../../ports/storage-quota.js';
import { resourceIds } from '../../resources/identifiers.js';
import { RecordingPorts } from '../../testing/fakes.js';
import type { Sealed } from '../../log/envelope.js';
import { decide, MAX_SEALED_HEADER } from './decide.js';
import type { InstanceToStore } from './store-instance.js';
import { StoreInstance } from './store-instance.js';
import { StoreInstanceHandler } from './store-instance.handler.js';

const ids = resourceIds({ patientId: 'P', studyInstanceUid: '1', seriesInstanceUid: '2', sopInstanceUid: '3' });
const context = {
  source: 'test',
  actor: { protocol: 'http' as const },
  correlationId: 'c',
  now: new Date('2026-01-02T03:04:05.678Z'),
};
const sealed: Sealed = { keyId: 'k', algorithm: 'aes-256-gcm', tags: 't', patient: 'p', header: 'h' };
const none = { Patient: {}, Study: {}, Series: {}, Instance: {} };

describe('storing an instance', () => {
  let ports: RecordingPorts;
  beforeEach(() => {
    ports = new RecordingPorts();
  });

  function command(overrides: Partial<InstanceToStore> = {}, md5 = 'aa'): StoreInstance {
    const tags = { main: none, transferSyntaxUid: '1.2.840.10008.1.2.1', sopClassUid: '1.2' };
    const instance = { ids, tags, header: Buffer.from('header'), overwrite: false, ...overrides };
    return new StoreInstance(instance, ports.file(md5), context);
  }
  const execute = (wish: StoreInstance): Promise<unknown> =>
    new StoreInstanceHandler(ports.writer, ports.blobs, ports.lookup, ports.quota, ports.sealer).execute(wish);

  describe('decides', () => {
    it('given nothing: InstanceStored, with all that the fold will decide by', () => {
      const signatures = { Patient: 'a', Study: 'b', Series: 'c', Instance: 'd' };
      const event = decide(command({ mainTagsSignatures: signatures, pixelDataOffset: 7 }), undefined, sealed);
      expect(event).toMatchObject({
        type: 'annal.instance.stored.v1',
        subject: `instances/${ids.instance}`,
        time: '2026-01-02T03:04:05.678Z',
        data: { ids, overwrite: false, mainTagsSignatures: signatures, pixelDataOffset: 7 },
        sealed,
      });
    });

    it('given the instance: DuplicateRefused, which tells whether it was the same file', () => {
      const refused = (md5: string): unknown => decide(command({}, md5), 'aa', sealed).data;
      expect(refused('aa')).toEqual({ ids, md5: 'aa', sameBytes: true });
      expect(refused('bb')).toEqual({ ids, md5: 'bb', sameBytes: false });
    });

    it('given the instance, and overwriting: InstanceStored', () => {
      expect(decide(command({ overwrite: true }), 'aa', sealed)).toMatchObject({
        type: 'annal.instance.stored.v1',
        data: { overwrite: true },
      });
    });
  });

  it('keeps the bytes before the event, and gives the reservation back after it', async () => {
    expect(await execute(command())).toEqual({ status: 'Success', ids });
    expect(ports.steps).toEqual(['lookup', 'reserve', 'save', 'append', 'release']);
  });

  it('does not ask for the next instance of a series that it is receiving, but for one it has seen', async () => {
    const handler = new StoreInstanceHandler(ports.writer, ports.blobs, ports.lookup, ports.quota, ports.sealer);
    await handler.execute(command());
    ports.steps.length = 0;
    await handler.execute(command({ ids: { ...ids, instance: 'another' } }));
    expect(ports.steps).toEqual(['reserve', 'save', 'append', 'release']);
    ports.steps.length = 0;
    await handler.execute(command());
    expect(ports.steps[0]).toBe('lookup');
  });

  it('keeps a large header before the event', async () => {
    await execute(command({ header: Buffer.alloc(MAX_SEALED_HEADER) }));
    expect(ports.steps).toEqual(['lookup', 'reserve', 'save', 'put header', 'append', 'release']);
  });

  it('keeps no bytes of an instance that is there already', async () => {
    ports.existingMd5 = 'aa';
    expect(await execute(command())).toEqual({ status: 'AlreadyStored', ids });
    expect(ports.steps).toEqual(['lookup', 'discard', 'append']);
  });

  it('leaves it to the fold whether another one was faster; the bytes are then garbage of the fold', async () => {
    ports.outcomeOf = () => ({ kind: 'already-stored' });
    expect(await execute(command())).toEqual({ status: 'AlreadyStored', ids });
    expect(ports.steps).toEqual(['lookup', 'reserve', 'save', 'append', 'release']);
  });

  it('keeps the room of an instance that is durable and to be folded later', async () => {
    ports.failures.set('append', new NotYetVisible([]));
    expect(await execute(command())).toEqual({ status: 'NotYetVisible', ids });
    expect(ports.steps).toEqual(['lookup', 'reserve', 'save', 'append']);
  });

  it.each([
    ['lookup', 'the database is away', new Error('no database'), ['lookup', 'discard']],
    ['seal', 'there is no key', new Error('no database'), ['lookup', 'discard']],
    ['reserve', 'the storage is full', new StorageFull('full'), ['lookup', 'reserve', 'discard']],
    ['save', 'the disk is full', new Error('ENOSPC'), ['lookup', 'reserve', 'save', 'release', 'discard']],
    ['append', 'refused', new AppendRefused('poison'), ['lookup', 'reserve', 'save', 'append', 'release', 'discard']],
    ['append', 'unknown', new AppendUnknown('perhaps'), ['lookup', 'reserve', 'save', 'append']],
  ])('when the step %s fails (%s), leaves what it must', async (step, _why, error, steps) => {
    ports.failures.set(step, error);
    await expect(execute(command())).rejects.toBe(error);
    expect(ports.steps).toEqual(steps);
  });

  it('removes a large header too when the log refuses', async () => {
    ports.failures.set('append', new AppendRefused('poison'));
    await expect(execute(command({ header: Buffer.alloc(MAX_SEALED_HEADER) }))).rejects.toThrow('poison');
    expect(ports.steps).toEqual([
      'lookup',
      'reserve',
      'save',
      'put header',
      'append',
      'release',
      'discard',
      'remove header',
    ]);
  });

  it('answers even when the reservation cannot be given back, which lapses by itself', async () => {
    ports.failures.set('release', new Error('no database'));
    expect(await execute(command())).toEqual({ status: 'Success', ids });
  });
});
