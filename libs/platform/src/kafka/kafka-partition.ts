import {
  type FetchedRecord,
  type KafkaBroker,
  type KafkaCluster,
  type KafkaConnection,
  kafkaCluster,
  type KafkaRecord,
} from './kafka-client.js';
import { codeOf } from './kafka-errors.js';

/** The records asked for are not there (any more): the log was cut, or is another one. */
export class OffsetGone extends Error {
  override readonly name = 'OffsetGone';
}

/** What a fetch found. */
export interface Fetched {
  readonly records: readonly FetchedRecord[];
  /** The offset behind everything that is read so far: the next one to ask for. */
  readonly next: number;
  /** The offset that the next record will get. */
  readonly end: number;
}

/** Nobody but the broker itself; of transactions, only what is committed. */
const NO_REPLICA = -1;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
const ALL_REPLICAS = -1;
const PARTITION = 0;

/** The only partition of a topic: appends and reads at its leader, wherever that is. */
export class KafkaPartition {
  private readonly cluster: KafkaCluster;
  private leader: KafkaBroker | undefined;
  private connecting: Promise<KafkaBroker> | undefined;

  /** @param committedOnly whether records of transactions under way are left out */
  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly committedOnly = false,
  ) {
    this.cluster = kafkaCluster(connection);
  }

  /** Finds the leader and connects to it; nothing is sent that could take effect. */
  async connect(): Promise<void> {
    await this.broker();
  }

  /**
   * Sends records as one batch, all of it or nothing; durable on all in-sync replicas when it resolves.
   * @param timeout how long the broker may wait for its replicas, ms
   * @returns the first offset
   */
  async send(records: readonly KafkaRecord[], timeout: number): Promise<number> {
    const answer = await this.ask((broker) =>
      broker.produce({
        topicData: [{ topic: this.topic, partitions: [{ partition: PARTITION, messages: records }] }],
        acks: ALL_REPLICAS,
        timeout,
      }),
    );
    return Number(answer.topics[0]!.partitions[0]!.baseOffset);
  }

  /**
   * The records from an offset on; waits for one where there is none.
   * @param wait ms
   * @param bytes how much is read at most, but for a first record that is larger
   * @throws OffsetGone
   */
  async fetch(offset: number, wait: number, bytes: number): Promise<Fetched> {
    const answer = await this.ask((broker) =>
      broker.fetch({
        replicaId: NO_REPLICA,
        isolationLevel: this.committedOnly ? READ_COMMITTED : READ_UNCOMMITTED,
        maxWaitTime: wait,
        minBytes: 1,
        maxBytes: bytes,
        topics: [
          {
            topic: this.topic,
            partitions: [
              { partition: PARTITION, currentLeaderEpoch: -1, fetchOffset: String(offset), maxBytes: bytes },
            ],
          },
        ],
      }),
    );
    const { messages, highWatermark } = answer.responses[0]!.partitions[0]!;
    // a broker answers with whole batches, which may begin earlier
    const asked = messages.filter((record) => Number(record.offset) >= offset);
    const last = asked.at(-1);
    return {
      records: asked.filter(({ isControlRecord }) => isControlRecord !== true),
      next: last ? Number(last.offset) + 1 : offset,
      end: Number(highWatermark),
    };
  }

  /** The offset that the next record will get. */
  async end(): Promise<number> {
    await this.broker();
    const [topic] = await this.cluster.fetchTopicsOffset([
      { topic: this.topic, partitions: [{ partition: PARTITION }], fromBeginning: false },
    ]);
    return Number(topic!.partitions[0]!.offset);
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await this.cluster.disconnect().catch(() => undefined);
    this.leader = undefined;
  }

  private async ask<R>(request: (broker: KafkaBroker) => Promise<R>): Promise<R> {
    const broker = await this.broker();
    try {
      return await request(broker);
    } catch (error) {
      if (codeOf(error) === 'OFFSET_OUT_OF_RANGE') {
        throw new OffsetGone('The log does not hold the events that come next', { cause: error });
      }
      // whoever asks next looks for the leader again
      this.leader = undefined;
      throw error;
    }
  }

  private async broker(): Promise<KafkaBroker> {
    if (this.leader) return this.leader;
    this.connecting ??= this.findLeader().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  private async findLeader(): Promise<KafkaBroker> {
    await this.cluster.connect();
    await this.cluster.addTargetTopic(this.topic);
    await this.cluster.refreshMetadata();
    const [nodeId] = Object.keys(this.cluster.findLeaderForPartitions(this.topic, [PARTITION]));
    if (nodeId === undefined) throw new Error(`Topic ${this.topic} has no partition ${PARTITION}`);
    this.leader = await this.cluster.findBroker({ nodeId });
    return this.leader;
  }
}
