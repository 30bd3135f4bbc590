import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { BEGINNING, type EventEnvelope, type RecordedEvent, Skips } from '@annal/domain';
import { rebuild, REBUILD_SCHEMA } from '@annal/projections';
import kafkajs from 'kafkajs';
import { stateOf } from '../../../../test/support/archive-state.js';
import { kafkaClient, uniqueName } from '../../../../test/support/kafka/client.js';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { KafkaProjection } from '../../../../test/support/kafka/kafka-projection.js';
import { naiveArchive } from '../../../../test/support/naive-archive.js';
import { until } from '../../../../test/support/processes.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { Session } from '../postgres/session.js';
import { parkedEvents, retryParked } from './parking.js';

const SECRET = 'SECRET^NAME';

const instance = (n: number, patient = 'P'): EventEnvelope =>
  storedEvent({ patient, study: patient, series: `${patient}.1`, instance: `${patient}.1.${n}` });

const withTags = (tags: string): EventEnvelope => ({
  ...instance(666),
  sealed: { keyId: null, algorithm: 'none', tags: Buffer.from(tags).toString('base64') },
});

describeWithKafka('A projector and events that cannot be folded', (kafka) => {
  let test: KafkaProjection;
  beforeEach(async () => {
    test = await KafkaProjection.open(kafka);
  });
  afterEach(() => test.close());

  const readable = async (): Promise<readonly RecordedEvent[]> => {
    const events = await test.log.read(BEGINNING, 1000);
    return events.filter(({ id }) => good.has(id) || id === events[0]!.id);
  };
  const good = new Set<string>();
  const append = async (...events: EventEnvelope[]): Promise<void> => {
    for (const { id } of events) good.add(id);
    await Promise.all(events.map((event) => test.log.append([event])));
  };
  const skip = async (offset: number): Promise<void> => {
    const [event] = await test.log.read({ partition: 0, offset: offset - 1 }, 1);
    const time = new Date().toISOString();
    await test.control.skip({ offset, eventId: event!.id, reason: 'test', actor: { protocol: 'system' }, time });
  };

  const poisons: [what: string, write: () => Promise<number>][] = [
    ['no event at all', () => test.write({ key: null, value: Buffer.from(SECRET), headers: {} })],
    ['without a value', () => test.write({ key: 'x', value: null as never, headers: { ce_type: 'x' } })],
    ['with tags that are no JSON', () => test.writeEvent(withTags(`{"main": ${SECRET}}`))],
    ['with tags of another form', () => test.writeEvent(withTags(`{"name": "${SECRET}"}`))],
    ['with NUL in a tag', () => test.writeEvent(withTags(JSON.stringify({ main: { Patient: { a: `${SECRET}\0` } } })))],
    ['with NUL in its name', () => test.writeEvent({ ...instance(666), id: 'a\0b', type: 'x\0y' as never })],
    [
      'with half a character',
      () => test.writeEvent(withTags(`{"main": {"Patient": {"00100010": "${SECRET}\\ud800"}}}`)),
    ],
    ['with a number beyond its column', () => test.writeEvent(withBlobSize(2 ** 70))],
    ['with an identity that is none', () => test.writeEvent({ ...instance(1), id: SECRET })],
    ['of somebody else', () => test.writeEvent({ ...instance(666), type: 'com.example.thing.v1' as never })],
  ];

  it.each(poisons)(
    'park in front of one %s, fold all before it and nothing behind it, until it is skipped',
    async (_what, write) => {
      await append(instance(1), instance(2));
      const before = (await test.log.end()).offset;
      const offset = await write();
      expect(offset).toBe(before + 1);
      await append(instance(3), instance(4));
      const active: boolean[] = [];
      const projector = test.start({ active: async (is) => void active.push(is) });

      const parked = await test.parked();
      expect(parked).toMatchObject({ offset, error: expect.stringMatching(/\S/) as string });
      await until(() => projector.state === 'parked');
      expect(await test.offset()).toBe(before);
      expect(active.at(-1)).toBe(false);
      expect(test.said.complaints).toContainEqual(
        expect.stringContaining(`The event at offset ${offset} cannot be folded, and nothing behind it is`),
      );
      expect(test.said.text + parked.error).not.toContain(SECRET);

      await skip(offset);
      await test.folded();
      expect(await stateOf(test.session)).toEqual(naiveArchive(await readable()));
      await until(() => projector.state === 'folding');
      expect(await parkedEvents(test.session)).toEqual([]);
      expect(active.at(-1)).toBe(true);
      await append(instance(5));
      await test.folded();

      const live = await dumpReadModels(test.session);
      const session = new Session(test.source.database.connection, 'rebuild', { schema: REBUILD_SCHEMA });
      await expect(rebuild(test.log, session.execute)).rejects.toThrow();
      await rebuild(test.log, session.execute, { skipped: new Skips(await test.control.skips()) });
      await session.reset();
      expect(await dumpReadModels(test.session)).toEqual(live);
    },
  );

  it('are found among many', async () => {
    await append(...Array.from({ length: 40 }, (_, n) => instance(n)));
    const first = await test.writeEvent(withTags('nothing'));
    await append(...Array.from({ length: 20 }, (_, n) => instance(100 + n)));
    const second = await test.writeEvent(withTags('nothing'));
    await append(instance(200));
    test.start();
    for (const offset of [first, second]) {
      expect((await test.parked()).offset).toBe(offset);
      expect(await test.offset()).toBe(offset - 1);
      await skip(offset);
      await test.folded(offset);
    }
    await test.folded();
    expect(await stateOf(test.session)).toEqual(naiveArchive(await readable()));
  });

  it('are skipped together with their repetitions', async () => {
    await append(instance(1));
    const offset = await test.writeEvent(withTags('nothing'));
    await test.writeAgain(offset, 1);
    await append(instance(2));
    test.start();
    await test.parked();
    await skip(offset);
    await test.folded();
    expect(await stateOf(test.session)).toEqual(naiveArchive(await readable()));
  });

  it('are skipped one by one where somebody wrote them in a transaction, whose mark has its place too', async () => {
    await append(instance(1));
    const producer = kafkaClient(kafka).producer({ transactionalId: uniqueName(), maxInFlightRequests: 1 });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: test.source.options.topic, messages: [{ value: SECRET }] });
    await transaction.commit();
    await producer.disconnect();
    // the mark comes after the answer
    await until(async () => (await test.log.end()).offset === 3);
    await append(instance(2));
    test.start();
    for (const offset of [2, 3]) {
      expect((await test.parked()).offset).toBe(offset);
      await skip(offset);
      await test.folded(offset);
    }
    await test.folded();
    expect(await stateOf(test.session)).toEqual(naiveArchive(await readable()));
  });

  it('are skipped where somebody compressed them in a way that this program cannot read', async () => {
    await append(instance(1));
    const codecs = kafkajs.CompressionCodecs as Record<number, unknown>;
    const { ZSTD } = kafkajs.CompressionTypes;
    const known = codecs[ZSTD];
    codecs[ZSTD] = () => ({ compress: (encoder: { buffer: Buffer }) => promisify(zstdCompress)(encoder.buffer) });
    const producer = kafkaClient(kafka).producer();
    await producer.connect();
    await producer.send({ topic: test.source.options.topic, compression: ZSTD, messages: [{ value: SECRET }] });
    await producer.disconnect();
    codecs[ZSTD] = known;
    await append(instance(2));
    test.start();
    expect((await test.parked()).offset).toBe(2);
    await skip(2);
    await test.folded();
    expect(await stateOf(test.session)).toEqual(naiveArchive(await readable()));
  });

  it('are tried again when an operator asks for it', async () => {
    // what stands in the way may be the database's
    await test.session.execute('ALTER TABLE instances ADD CONSTRAINT no_seven CHECK (size <> 777)');
    const seven = storedEvent({ patient: 'P', study: 'P', series: 'P.1', instance: 'P.1.7', size: 777 });
    await append(instance(1), seven, instance(2));
    const projector = test.start();
    expect(await test.parked()).toMatchObject({ eventId: seven.id, error: 'PostgreSQL error 23514 at no_seven' });
    expect(await retryParked(test.session)).toBe(1);
    await test.parked();
    expect(await test.offset()).toBe(1);
    await test.session.execute('ALTER TABLE instances DROP CONSTRAINT no_seven');
    expect(await retryParked(test.session)).toBe(1);
    await test.folded();
    await until(() => projector.state === 'folding');
    expect(await stateOf(test.session)).toEqual(naiveArchive(await readable()));
    expect(await retryParked(test.session)).toBe(0);
  });

  it('are left to the next projector when one stops in front of them', async () => {
    const offset = await test.writeEvent(withTags('nothing'));
    await append(instance(1));
    const first = test.start();
    await until(() => first.state === 'parked');
    const second = test.start();
    await first.stop();
    await until(() => second.state === 'parked');
    expect((await test.parked()).offset).toBe(offset);
    await skip(offset);
    await test.folded();
    expect(second.state).toBe('folding');
  });

  it("stand in nobody's way once they are folded, though whoever parked them was killed", async () => {
    await append(instance(1));
    await test.session.execute(
      `INSERT INTO annal_ops.parked_events ("offset", event_id, type, error) VALUES (1, 'x', 'y', 'z')`,
    );
    expect(await parkedEvents(test.session)).toHaveLength(1);
    test.start();
    await test.folded();
    expect(await parkedEvents(test.session)).toEqual([]);
  });
});

function withBlobSize(size: number): EventEnvelope {
  const event = storedEvent({ patient: 'P', study: 'P', series: 'P.1', instance: 'P.1.9' });
  return { ...event, data: { ...event.data, blob: { ...event.data.blob, size } } };
}

describeWithKafka('A projector and an event of a newer release', (kafka) => {
  let test: KafkaProjection;
  beforeEach(async () => {
    test = await KafkaProjection.open(kafka);
  });
  afterEach(() => test.close());

  it('folds what is before it, stops, and leaves it and all behind it to a release that can read it', async () => {
    await test.log.append([instance(1)]);
    const newer = instance(2);
    const offset = await test.writeEvent({ ...newer, type: 'annal.instance.stored.v9' as never });
    await test.log.append([instance(3)]);
    const old = test.start();
    expect(await test.parked()).toMatchObject({
      offset,
      error: 'This release cannot read events of type annal.instance.stored.v9',
    });
    await test.complaint(/This release cannot read events of type annal.instance.stored.v9/);
    expect(await test.offset()).toBe(offset - 1);
    // asking again does not help, nor does another one of the old release
    await retryParked(test.session);
    test.start();
    await test.parked();
    expect(await test.offset()).toBe(offset - 1);

    // beside the old ones: these leave the lease to whoever can go on
    const upgrade = (event: RecordedEvent): RecordedEvent =>
      event.type === ('annal.instance.stored.v9' as never) ? { ...event, type: 'annal.instance.stored.v1' } : event;
    const upgraded = test.start({
      log: {
        logId: test.log.logId,
        append: (events) => test.log.append(events),
        end: () => test.log.end(),
        read: async (after, limit) => (await test.log.read(after, limit)).map(upgrade),
        subscribe: (after, handler) => test.log.subscribe(after, (events) => handler(events.map(upgrade))),
      },
    });
    await test.folded();
    expect(upgraded.state).toBe('folding');
    expect(old.state).not.toBe('folding');
    expect(await parkedEvents(test.session)).toEqual([]);
    expect(await stateOf(test.session)).toEqual(naiveArchive((await test.log.read(BEGINNING, 10)).map(upgrade)));
  });
});
