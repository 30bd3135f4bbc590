import type { Admin, Kafka } from 'kafkajs';
import { kafkajs } from './kafka-client.js';
import { untilSettled } from './settled.js';

/** What a topic must be, for what is in it to stay. */
export interface TopicRequirements {
  readonly name: string;
  /** Replicas of a new topic, and how few an existing one may have. */
  readonly replication: number;
  /** Copies that must be there before an append is acknowledged. */
  readonly minInSync: number;
  /** How long records must stay: absent, for ever; `any`: as long as its operator likes, for ever where it is created here. */
  readonly retention?: 'any';
  /** What is wrong when it is missing; without this it is created then. */
  readonly missing?: string;
}

/** A topic that must not be used as it is, and how to put that right. */
export class UnsafeTopic extends Error {
  override readonly name = 'UnsafeTopic';
}

/** Settings that decide whether what was acknowledged stays. */
const REQUIRED = {
  'cleanup.policy': 'delete',
  'message.timestamp.type': 'LogAppendTime',
  'unclean.leader.election.enable': 'false',
} as const;
const FOREVER = { 'retention.ms': '-1', 'retention.bytes': '-1' } as const;
/** Whatever somebody sends, brokers store it so that everybody can read it. */
const PLAIN = { 'compression.type': 'uncompressed' } as const;
/** What brokers may make of it at most: kafkajs reads nothing else, and a relay could not find its place. */
const READABLE: ReadonlySet<string | undefined> = new Set(['producer', 'uncompressed', 'gzip']);
const WAIT_MS = 10_000;

/**
 * Creates a topic of one partition with the settings it needs, or checks those it has.
 * @returns whether it was created now
 * @throws UnsafeTopic
 */
export async function ensureTopic(client: Kafka, requirements: TopicRequirements): Promise<boolean> {
  const admin = client.admin();
  await admin.connect();
  try {
    const created = await createTopic(admin, requirements);
    await untilSettled(() => checkTopic(admin, requirements));
    return created;
  } finally {
    await admin.disconnect();
  }
}

async function createTopic(admin: Admin, requirements: TopicRequirements): Promise<boolean> {
  const { name, replication, minInSync, missing } = requirements;
  if ((await admin.listTopics()).includes(name)) return false;
  if (missing !== undefined) throw new UnsafeTopic(missing);
  const entries = Object.entries({ ...REQUIRED, ...FOREVER, ...PLAIN, 'min.insync.replicas': String(minInSync) });
  return admin.createTopics({
    // kafkajs asks a broker that may not have heard of it yet, and gives up; what comes next waits instead
    waitForLeaders: false,
    timeout: WAIT_MS,
    topics: [
      {
        topic: name,
        numPartitions: 1,
        replicationFactor: replication,
        configEntries: entries.map(([key, value]) => ({ name: key, value })),
      },
    ],
  });
}

async function checkTopic(admin: Admin, requirements: TopicRequirements): Promise<void> {
  const { name, replication, minInSync, retention } = requirements;
  const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
  const partitions = topics[0]?.partitions ?? [];
  if (partitions.length !== 1) {
    throw new UnsafeTopic(
      `Topic ${name} has ${partitions.length} partitions. The log is one total order: create it with one, or give another name.`,
    );
  }
  const replicas = partitions[0]!.replicas.length;
  if (replicas < replication) {
    throw new UnsafeTopic(
      `Topic ${name} has ${replicas} replica(s) where ${replication} are wanted: one lost broker would lose events. ` +
        'Reassign it, or set Annal.EventLog.DevelopmentBroker where losing them does not matter.',
    );
  }
  const settings = await settingsOf(admin, name);
  const required = { ...REQUIRED, ...(retention !== 'any' && FOREVER) };
  const wrong: [name: string, value: string][] = Object.entries(required).filter(
    ([key, value]) => settings.get(key) !== value,
  );
  if (Number(settings.get('min.insync.replicas')) < minInSync) {
    wrong.push(['min.insync.replicas', String(minInSync)]);
  }
  if (!READABLE.has(settings.get('compression.type'))) wrong.push(['compression.type', PLAIN['compression.type']]);
  if (wrong.length > 0) {
    const changes = wrong.map(([key, value]) => `${key}=${value}`).join(',');
    throw new UnsafeTopic(
      `Topic ${name} does not keep what it must. Set: kafka-configs.sh --alter --topic ${name} --add-config ${changes}`,
    );
  }
}

async function settingsOf(admin: Admin, name: string): Promise<ReadonlyMap<string, string>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs().ConfigResourceTypes.TOPIC, name }],
  });
  return new Map(resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]));
}
