import { committedRecords } from './committed-records.js';
import {
  type FetchedPartition,
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

/** Somebody's transaction is not over, and hides what is committed behind its beginning. */
export class TransactionOpen extends Error {
  override readonly name = 'TransactionOpen';
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
/** The last record is looked for this far before the end (it stands before the mark of its commit), then further back. */
const FIRST_STEP = 2;
const STEP_FACTOR = 64;
const STEP_BYTES = 1024 * 1024;

/** The only partition of a topic: appends and reads at its leader, wherever that is. */
export class KafkaPartition {
  private readonly cluster: KafkaCluster;
  private leader: KafkaBroker | undefined;
  private connecting: Promise<KafkaBroker> | undefined;

  /** @param committedOnly whether records of transactions that are under way or were aborted are left out */
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
    const partition = await this.fetchPartition(offset, wait, bytes);
    const { messages, highWatermark } = partition;
    // marks of transactions have their place in a log as everything else
    const records = this.committedOnly ? committedRecords(partition) : messages;
    const last = messages.at(-1);
    return {
      // a broker answers with whole batches, which may begin earlier
      records: records.filter((record) => Number(record.offset) >= offset),
      next: last ? Math.max(offset, Number(last.offset) + 1) : offset,
      end: Number(highWatermark),
    };
  }

  /**
   * The last committed record; undefined where there is none (any more).
   * @throws TransactionOpen
   */
  async lastCommitted(): Promise<FetchedRecord | undefined> {
    const [begin, end] = [await this.begin(), await this.end()];
    for (let to = end, step = FIRST_STEP; to > begin; step *= STEP_FACTOR) {
      const from = Math.max(begin, to - step);
      const found = await this.lastCommittedWithin(from, to);
      if (found) return found;
      to = from;
    }
    return undefined;
  }

  /** The offset of the first record that is still there, or the end where there is none. */
  begin(): Promise<number> {
    return this.listedOffset(true);
  }

  /** The offset that the next record will get. */
  end(): Promise<number> {
    return this.listedOffset(false);
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await this.cluster.disconnect().catch(() => undefined);
    this.leader = undefined;
  }

  private async listedOffset(fromBeginning: boolean): Promise<number> {
    const [topic] = await this.ask(() =>
      this.cluster.fetchTopicsOffset([{ topic: this.topic, partitions: [{ partition: PARTITION }], fromBeginning }]),
    );
    return Number(topic!.partitions[0]!.offset);
  }

  private async lastCommittedWithin(from: number, to: number): Promise<FetchedRecord | undefined> {
    let found: FetchedRecord | undefined;
    for (let at = from; at < to;) {
      const partition = await this.fetchPartition(at, 0, STEP_BYTES);
      const { messages, highWatermark, lastStableOffset } = partition;
      if (lastStableOffset !== highWatermark) {
        throw new TransactionOpen(`A transaction in topic ${this.topic} is not over`);
      }
      const [first, behind] = [at, Number(messages.at(-1)?.offset ?? to) + 1];
      found = committedRecords(partition).findLast(({ offset }) => Number(offset) >= first) ?? found;
      at = Math.max(behind, first + 1);
    }
    return found;
  }

  private async fetchPartition(offset: number, wait: number, bytes: number): Promise<FetchedPartition> {
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
    return answer.responses[0]!.partitions[0]!;
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
