import { ArchiveServer, type ArchiveOptions } from '../archive-server.js';
import { query } from '../database.js';
import { until } from '../processes.js';
import { deleteTopics, uniqueName } from './client.js';
import { readTopic } from './records.js';
import type { TestKafka } from './test-kafka.js';

/** A server whose log is in Kafka, with topics of its own. */
export interface KafkaArchive {
  readonly server: ArchiveServer;
  /** The public topic of its changes. */
  readonly changesTopic: string;
  /** Resolves when all changes are published. */
  published(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server whose log is in Kafka. @param more options on top of those that this needs */
export async function startKafkaArchive(
  kafka: TestKafka,
  environment?: ArchiveOptions['environment'],
  more: ArchiveOptions['configuration'] & { readonly Annal?: object } = {},
): Promise<KafkaArchive> {
  const [topic, changesTopic] = [uniqueName('events'), uniqueName('changes')];
  const server = await ArchiveServer.start({
    environment,
    configuration: {
      ...more,
      Annal: {
        ...more.Annal,
        Workers: 1,
        EventLog: {
          Kind: 'kafka',
          Brokers: kafka.brokers,
          Topic: topic,
          ChangesTopic: changesTopic,
          DevelopmentBroker: true,
        },
      },
    },
  });
  return {
    server,
    changesTopic,
    published: () => published(server),
    close: async () => {
      await server.close();
      await deleteTopics(kafka, [topic, `${topic}.control`, changesTopic]).catch(() => undefined);
    },
  };
}

/** Resolves when all changes of a server are published. */
export async function published(server: ArchiveServer): Promise<void> {
  await until(async () => (await lag(server)) === 0);
}

/** Expects that who reads committed changes only sees every row of the changes feed, once and in order. */
export async function expectPublishedOnce(
  kafka: TestKafka,
  { server, changesTopic }: Pick<KafkaArchive, 'server' | 'changesTopic'>,
): Promise<void> {
  const rows = await query<{ seq: number; id: string; date: string; position: number }>(
    server,
    'SELECT seq, resource_id AS id, date, position FROM annal_log.change_feed ORDER BY seq',
  );
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  const published = async (): Promise<Record<string, unknown>[]> =>
    (await readTopic(kafka, changesTopic)).map((text) => JSON.parse(text) as Record<string, unknown>);
  // more may come at any time, such as that a study is stable
  let changes: Record<string, unknown>[] = [];
  await until(async () => (changes = await published()).length >= rows.length).catch(() => undefined);
  expect(changes.map(({ Seq }) => Seq)).toEqual(changes.map((_, index) => index + 1));
  const known = changes.slice(0, rows.length);
  expect(known.map(({ Seq, ID, Date, Position }) => ({ Seq, ID, Date, Position }))).toEqual(
    rows.map(({ seq, id, date, position }) => ({ Seq: seq, ID: id, Date: date, Position: position })),
  );
}

async function lag(server: ArchiveServer): Promise<number | undefined> {
  const { Changes } = await server.json<{ Changes?: { Lag: number } }>('/health/ready');
  return Changes?.Lag;
}
