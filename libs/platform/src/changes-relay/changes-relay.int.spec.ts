import { describeWithKafka } from '../../../../test/support/kafka/describe-with-kafka.js';
import { expectValid } from '../../../../test/support/message-schemas.js';
import { until } from '../../../../test/support/processes.js';
import type { FetchedRecord } from '../kafka/kafka-client.js';
import { KafkaPartition } from '../kafka/kafka-partition.js';
import { TransactionalProducer } from '../kafka/transactional-producer.js';
import { Session } from '../postgres/session.js';
import { ChangesFeed } from './changes-feed.js';
import { Gate, TestFeed, upTo } from './testing/test-feed.js';
import { transactionOf } from './transaction.js';

describeWithKafka('The relay of the changes', (kafka) => {
  let feed: TestFeed;
  beforeEach(async () => {
    feed = await TestFeed.open(kafka);
  });
  afterEach(() => feed.close());

  it('publishes every change once and in order, also those that come later', async () => {
    await feed.append(2500);
    feed.start();
    await feed.reached(2500);
    await feed.fold(3);
    await feed.reached(2503);
    expect(await feed.numbers()).toEqual(upTo(2503));
  });

  it('publishes changes as docs/asyncapi.yaml has them, under ids that stay the same', async () => {
    await feed.append(9);
    feed.start();
    await feed.reached(9);
    const records = await recordsOf(feed);
    expect(records).toHaveLength(9);
    for (const { headers, value } of records) {
      expectValid('change', 'headers', headers);
      expectValid('change', 'payload', value);
    }
    const id = '00000000-00000000-00000000-00000000-00000005';
    expect(records[4]).toEqual({
      key: id,
      headers: {
        ce_specversion: '1.0',
        ce_id: `${feed.options.logId}:5`,
        ce_type: 'annal.change.v1',
        ce_source: 'Test',
        ce_time: '2026-11-21T13:09:41Z',
        ce_subject: `series/${id}`,
        'content-type': 'application/json',
      },
      value: {
        Seq: 5,
        ChangeType: 'NewSeries',
        ResourceType: 'Series',
        ID: id,
        Path: `/series/${id}`,
        Date: '20261121T130941',
        Position: 1,
      },
    });
  });

  it('finds changes that it was not told of', async () => {
    feed.start();
    await feed.fold(1);
    await feed.reached(1);
    await feed.append(1);
    await feed.reached(2);
  });

  it('repeats nothing where the topic has more than it read in it, as at a broker that led it before', async () => {
    await feed.append(3);
    const blocker = new Session(feed.database.connection, 'blocker');
    const own = new ChangesFeed(feed.database.connection);
    const { connection, topic } = feed.options;
    const other = await TransactionalProducer.fence(connection, `${topic}.other`);
    try {
      await blocker.execute('BEGIN; LOCK TABLE annal_ops.changes_relay IN EXCLUSIVE MODE');
      feed.start();
      await until(async () => (await waiting(feed)) === 1);
      const { records } = transactionOf(await own.after(0, 2), 0, feed.options, 1e6);
      await (await other.send(topic, records)).commit();
      await blocker.execute('ROLLBACK');
      await feed.reached(3);
      expect(await feed.numbers()).toEqual(upTo(3));
      expect(feed.logged.join()).toContain('a broker that led it before was asked');
    } finally {
      await Promise.all([blocker.reset(), own.reset(), other.close()]);
    }
  });

  it('publishes what is folded before it leaves', async () => {
    await feed.append(1);
    const relay = feed.start();
    await feed.reached(1);
    await feed.append(1500);
    await relay.close();
    expect(await feed.numbers()).toEqual(upTo(1501));
  });

  it('goes on where it was paused, and where another one ended', async () => {
    await feed.append(5);
    const first = feed.start();
    await feed.reached(5);
    await first.pause();
    await feed.append(5);
    first.start();
    await feed.reached(10);
    await first.close();
    await feed.append(5);
    feed.start();
    await feed.reached(15);
    expect(await feed.numbers()).toEqual(upTo(15));
  });

  it('says how far the topic is where its predecessor ended before it could', async () => {
    await feed.append(10);
    const gate = new Gate('relay:after-commit');
    feed.start(gate.passing);
    await gate.reached;
    feed.start();
    await feed.reached(10);
    gate.open();
  });

  it.each(['relay:before-commit', 'relay:after-commit'] as const)(
    'publishes nothing twice when it was held at %s while another took its place, and goes on',
    async (point) => {
      await feed.append(1500);
      const gate = new Gate(point);
      const first = feed.start(gate.passing);
      await gate.reached;
      const second = feed.start();
      await feed.reached(1500);
      await feed.append(10);
      await feed.reached(1510);
      gate.open();
      await feed.append(10);
      await feed.reached(1520);
      await second.close();
      await feed.append(10);
      await feed.reached(1530);
      await first.close();
      expect(await feed.numbers()).toEqual(upTo(1530));
    },
  );
});

async function recordsOf({ options }: TestFeed): Promise<{ key: string; headers: object; value: unknown }[]> {
  const partition = new KafkaPartition(options.connection, options.topic, true);
  try {
    const { records } = await partition.fetch(0, 0, 1024 * 1024);
    const text = ([name, value]: [string, FetchedRecord['headers'][string]]): [string, string] => [name, String(value)];
    return records.map(({ key, headers, value }) => ({
      key: String(key),
      headers: Object.fromEntries(Object.entries(headers).map(text)),
      value: JSON.parse(String(value)) as unknown,
    }));
  } finally {
    await partition.close();
  }
}

/** How many relays of a feed wait for a lock. */
async function waiting({ session }: TestFeed): Promise<number> {
  const [rows = []] = await session.execute(`SELECT 1 FROM pg_stat_activity
    WHERE application_name = 'annal changes relay status' AND wait_event_type = 'Lock' AND datname = current_database()`);
  return rows.length;
}
