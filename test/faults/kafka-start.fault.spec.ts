import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { freePort } from '../support/free-ports.js';
import { deleteTopicsOf, uniqueName } from '../support/kafka/client.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { createEventsTopic, cutTopic } from '../support/kafka/events-topic.js';
import { sampleFiles } from '../support/sample-study.js';

describeWithKafka('A start with a log in Kafka', (kafka) => {
  let topic: string;
  beforeEach(() => {
    topic = uniqueName('events');
  });
  afterEach(() => deleteTopicsOf(kafka, topic));

  const start = (options: object = {}): Promise<ArchiveServer> =>
    ArchiveServer.start({ configuration: { Annal: { EventLog: { Topic: topic, ...options } } } });
  /** A server with some events that ended, and its next start. */
  const startAgain = async (meanwhile: () => Promise<void>, check: (run: Promise<void>) => Promise<void>) => {
    const server = await start();
    try {
      await uploadAll(server, sampleFiles('S', { patients: 1, studies: 1, series: 1, instances: 3 }), 1);
      await server.end();
      await meanwhile();
      await check(server.run());
    } finally {
      await server.close();
    }
  };

  it('says which brokers do not answer, and what to do', async () => {
    const broker = `127.0.0.1:${await freePort()}`;
    await expect(start({ Brokers: [broker] })).rejects.toThrow(
      new RegExp(
        `Kafka at ${broker} does not answer: .*ECONNREFUSED.* Start it there, or correct "Annal.EventLog.Brokers"`,
      ),
    );
  });

  it('refuses a topic of two partitions', async () => {
    await createEventsTopic(kafka, topic, {}, 2);
    await expect(start()).rejects.toThrow(
      `Topic ${topic} has 2 partitions. The log is one total order: create it with one, or give another name.`,
    );
  });

  it.each([
    ['forgets with time', { 'retention.ms': '86400000' }, 'retention.ms=-1'],
    ['forgets when it is large', { 'retention.bytes': '1000000' }, 'retention.bytes=-1'],
    ['keeps only the last of each key', { 'cleanup.policy': 'compact' }, 'cleanup.policy=delete'],
  ])('refuses a topic that %s, and says how to keep it from that', async (_, settings, change) => {
    await createEventsTopic(kafka, topic, settings);
    await expect(start()).rejects.toThrow(`Set: kafka-configs.sh --alter --topic ${topic} --add-config ${change}\n`);
  });

  it('refuses to begin an empty log where the old one is not there any more', async () => {
    await startAgain(
      () => deleteTopicsOf(kafka, topic),
      async (run) => {
        await expect(run).rejects.toThrow(`Topic ${topic} is not there, but the read models were made from`);
      },
    );
  });

  it('refuses to go on without what operators ruled out', async () => {
    await startAgain(
      () => deleteTopicsOf(kafka, `${topic}.control`),
      async (run) => {
        await expect(run).rejects.toThrow(
          `Topic ${topic}.control is not there, but topic ${topic} has events: restore it`,
        );
      },
    );
  });

  it('refuses another log under the name of the one that the read models were made from', async () => {
    await startAgain(
      async () => {
        await deleteTopicsOf(kafka, topic);
        const other = await start();
        await other.close();
      },
      async (run) => {
        await expect(run).rejects.toThrow(
          /The read models were made from the event log \S+, but this one is \S+\. Correct/,
        );
      },
    );
  });

  it('refuses a log whose beginning was cut', async () => {
    await startAgain(
      () => cutTopic(kafka, topic, 2),
      async (run) => {
        await expect(run).rejects.toThrow('The beginning of the event log is gone');
      },
    );
  });
});
