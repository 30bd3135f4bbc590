import type { Consumer } from 'kafkajs';
import type { PublishedChange } from '../../../libs/platform/src/changes-relay/change-record.js';
import { until } from '../processes.js';
import { kafkaClient, uniqueName } from './client.js';
import type { TestKafka } from './test-kafka.js';

const REACH_MS = 90_000;

/** A consumer that follows the public topic of changes while things happen: committed records only, from the beginning. */
export class ChangesFollower {
  private readonly changes: PublishedChange[] = [];
  private offset = -1n;
  private failure: Error | undefined;

  private constructor(private readonly consumer: Consumer) {}

  /** Begins to follow a topic, which must be there. */
  static async start(kafka: TestKafka, topic: string): Promise<ChangesFollower> {
    const consumer = kafkaClient(kafka).consumer({ groupId: uniqueName('follower'), allowAutoTopicCreation: false });
    const follower = new ChangesFollower(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    // what it tries again by itself, as when the broker is away, is no failure
    consumer.on(consumer.events.CRASH, ({ payload: { restart, error } }) => {
      if (!restart) follower.failure = error;
    });
    await consumer.run({
      eachMessage: async ({ message }) => follower.take(BigInt(message.offset), message.value!.toString()),
    });
    return follower;
  }

  /** The number of each record, in the order in which they came. */
  get numbers(): number[] {
    return this.changes.map(({ Seq }) => Seq);
  }

  /** Resolves when a change of this number, or a later one, has come. */
  async reached(seq: number): Promise<void> {
    await until(() => {
      if (this.failure) throw this.failure;
      return (this.changes.at(-1)?.Seq ?? 0) >= seq;
    }, REACH_MS);
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
  }

  private take(offset: bigint, text: string): void {
    // kafkajs hands a record over again where its group could not note it: that is the same record, not a second one
    if (offset <= this.offset) return;
    this.offset = offset;
    this.changes.push(JSON.parse(text) as PublishedChange);
  }
}
