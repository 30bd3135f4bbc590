import { expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { isAcknowledged, someStored, tryUploads, uploadAll } from '../support/clients.js';
import type { KafkaBroker } from '../support/kafka/broker.js';
import { kafkaClient, uniqueName } from '../support/kafka/client.js';
import { describeWithOwnBrokers } from '../support/kafka/describe-with-own-broker.js';
import { expectPublishedOnce, published } from '../support/kafka/kafka-archive.js';
import { until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';

const CLIENTS = 6;
const [Topic, ChangesTopic] = [uniqueName('events'), uniqueName('changes')];

describeWithOwnBrokers('With three brokers that replicate the log', (startBrokers) => {
  let brokers: KafkaBroker[] = [];
  let server: ArchiveServer;
  const kafka = (): { brokers: string[] } => ({ brokers: brokers.flatMap((broker) => broker.brokers) });

  beforeAll(async () => {
    brokers = await startBrokers();
    const EventLog = { Kind: 'kafka', Brokers: kafka().brokers, Topic, ChangesTopic, DevelopmentBroker: false };
    server = await ArchiveServer.start({ configuration: { Annal: { EventLog, Limits: { WriterTimeout: 60 } } } });
  });
  afterAll(async () => {
    await server?.close();
    await Promise.all(brokers.map((broker) => broker.remove()));
  });

  const describeLog = async (): Promise<{ leader: number; replicas: number[]; inSync: number[] }> => {
    const admin = kafkaClient(kafka()).admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [Topic] });
      const { leader, replicas, isr } = topics[0]!.partitions[0]!;
      return { leader, replicas, inSync: isr };
    } finally {
      await admin.disconnect();
    }
  };
  const allInSync = (): Promise<void> => until(async () => (await describeLog()).inSync.length === 3, 90_000);

  it('the topic has three replicas, two of which must have an event before it counts', async () => {
    expect((await describeLog()).replicas).toHaveLength(3);
    const admin = kafkaClient(kafka()).admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: Topic, configNames: ['min.insync.replicas'] }],
    });
    await admin.disconnect();
    expect(resources[0]!.configEntries[0]!.configValue).toBe('2');
  });

  it('uploads go on when the leader dies, and the next one; each change is published once', async () => {
    const files = sampleFiles('L', { patients: 2, studies: 2, series: 2, instances: 25 });
    const uploading = tryUploads(server, files, CLIENTS);
    for (const stored of [20, 80]) {
      await someStored(server, stored);
      const dead = brokers[(await describeLog()).leader - 1]!;
      await dead.kill();
      await someStored(server, stored + 30);
      await dead.restart();
      await allInSync();
    }
    expect((await uploading).every(isAcknowledged)).toBe(true);
    await expectExactly(server, files);
    await published(server);
    await expectPublishedOnce(kafka(), { server, changesTopic: ChangesTopic });
  });

  it('with one of them left nothing is acknowledged, reads go on, and with another back uploads do', async () => {
    const files = sampleFiles('M', { patients: 1, studies: 1, series: 2, instances: 10 });
    const before = await server.json<string[]>('/instances');
    const { leader } = await describeLog();
    const others = brokers.filter((_, index) => index !== leader - 1);
    await Promise.all(others.map((broker) => broker.kill()));
    const uploading = tryUploads(server, files, CLIENTS);
    expect(await server.json('/instances')).toEqual(before);
    await others[0]!.restart();
    const attempts = await uploading;
    await uploadAll(server, files, CLIENTS);
    const now = new Set(await server.json<string[]>('/instances'));
    expect(attempts.filter(isAcknowledged).filter(({ file }) => !now.has(file.ids.instance))).toEqual([]);
    expect(now.size).toBe(before.length + files.length);
    await others[1]!.restart();
    await allInSync();
    await published(server);
    await expectPublishedOnce(kafka(), { server, changesTopic: ChangesTopic });
  });
});
