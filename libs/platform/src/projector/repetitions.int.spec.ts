import { BEGINNING, envelope, type EventEnvelope } from '@annal/domain';
import { expectSums, stateOf } from '../../../../test/support/archive-state.js';
import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { KafkaProjection } from '../../../../test/support/kafka/kafka-projection.js';
import { naiveArchive } from '../../../../test/support/naive-archive.js';
import { storedEvent, testContext } from '../../../../test/support/stored-event.js';
import type { Turn } from './lease.js';

const instance = (n: number): ReturnType<typeof storedEvent> =>
  storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${n}`, overwrite: n % 2 === 0 });
const deletion = (): EventEnvelope => {
  const { series } = instance(0).data.ids;
  const event = { type: 'annal.resource.deleted.v1', data: { level: 'Series', id: series } } as const;
  return envelope(event, `series/${series}`, testContext());
};
const ALWAYS: Turn = { take: () => Promise.resolve(true), release: () => Promise.resolve() };

describeWithKafka('What a log in Kafka holds twice', (kafka) => {
  let test: KafkaProjection;
  beforeEach(async () => {
    test = await KafkaProjection.open(kafka);
  });
  afterEach(() => test.close());

  const append = async (...events: EventEnvelope[]): Promise<number> => {
    const positions = await Promise.all(events.map((event) => test.log.append([event])));
    return positions[0]![0]!.offset;
  };
  const expectEachOnce = async (): Promise<void> => {
    await test.folded();
    const seen = new Set<string>();
    const all = await test.log.read(BEGINNING, 10_000);
    const firsts = all.filter(({ id }) => !seen.has(id) && seen.add(id));
    expect(firsts.length).toBeLessThan(all.length);
    expect(await stateOf(test.session)).toEqual(naiveArchive(firsts));
    await expectSums(test.session);
  };

  it('counts once, whether the second comes at once, later, or after a deletion', async () => {
    test.start();
    const first = await append(instance(1), instance(2), instance(3));
    await test.writeAgain(first, 3);
    await test.folded();
    await test.writeAgain(first + 1, 2);
    await append(instance(4), instance(5));
    await append(deletion());
    await test.writeAgain(first, 3);
    await append(instance(6));
    await expectEachOnce();
  });

  it('counts once over a restart of the projector, and where it was down meanwhile', async () => {
    const before = test.start();
    const first = await append(instance(1), instance(2));
    await test.folded();
    await before.stop();
    await test.writeAgain(first, 2);
    await append(deletion());
    await test.writeAgain(first, 2);
    const after = test.start();
    await test.folded();
    await test.writeAgain(first, 2);
    await append(instance(3));
    await test.folded();
    await after.stop();
    await test.writeAgain(first, 1);
    test.start();
    await expectEachOnce();
  });

  it('counts once for each of two writers, and for two projectors at once', async () => {
    test.start({ turn: ALWAYS });
    test.start({ turn: ALWAYS });
    const other = await test.source.another();
    for (let round = 0; round < 20; round++) {
      const mine = append(instance(4 * round), instance(4 * round + 1));
      await Promise.all([other.append([instance(4 * round + 2)]), other.append([instance(4 * round + 3)])]);
      await test.writeAgain(await mine, 3);
      if (round % 7 === 6) await append(deletion());
    }
    await expectEachOnce();
  });
});
