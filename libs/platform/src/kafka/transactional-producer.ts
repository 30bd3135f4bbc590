import type { Producer, Transaction } from 'kafkajs';
import { type KafkaConnection, kafkaClient, type KafkaRecord } from './kafka-client.js';

/** Records that are in the topic and that no reader of committed records sees yet. */
export interface Sent {
  /** The offset of the first of them. */
  readonly first: number;
  /** Lets readers see them, all at once. After an error they may be seen or not. */
  commit(): Promise<void>;
}

/**
 * After a commit the next transaction is refused for a few milliseconds: kafkajs would wait 300 by default. It tries so
 * often that a connection which was lost does not end a transaction.
 */
const RETRY = { retries: 8, initialRetryTime: 5, multiplier: 2, maxRetryTime: 200 };
/** How long a transaction of a producer that was killed hides what comes after it, if nobody takes its place, ms. */
const TRANSACTION_TIMEOUT = 30_000;
const PARTITION = 0;
const ALL_REPLICAS = -1;

/**
 * The one producer of a transactional id. It has done its duty after the first error: the sequence numbers of kafkajs
 * (2.2.4) cannot be relied on then, so close it and take another.
 */
export class TransactionalProducer {
  private constructor(
    private readonly producer: Producer,
    private readonly timeout: number,
  ) {}

  /**
   * Takes the place of whoever had this transactional id: their transaction, if one is open, is aborted, and they cannot
   * send any more. When it resolves, all that they committed is there to be read.
   */
  static async fence(connection: KafkaConnection, transactionalId: string): Promise<TransactionalProducer> {
    const producer = kafkaClient(connection, RETRY).producer({
      transactionalId,
      transactionTimeout: TRANSACTION_TIMEOUT,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => () => PARTITION,
    });
    try {
      await producer.connect();
      // asks for a producer id (InitProducerId), and ends without a word to the broker
      await (await producer.transaction()).abort();
      return new TransactionalProducer(producer, connection.requestTimeout);
    } catch (error) {
      await disconnect(producer);
      throw error;
    }
  }

  /** Sends records as one transaction, to the only partition of a topic. @throws see kafka-errors */
  async send(topic: string, records: readonly KafkaRecord[]): Promise<Sent> {
    const transaction: Transaction = await this.producer.transaction();
    const messages = records.map(({ key, value, headers }) => ({ key, value, headers, partition: PARTITION }));
    const [written] = await transaction.send({ topic, acks: ALL_REPLICAS, timeout: this.timeout, messages });
    return { first: Number(written!.baseOffset), commit: () => transaction.commit() };
  }

  /** Ends the connections; a transaction that is open stays so until another producer takes this one's place. */
  async close(): Promise<void> {
    await disconnect(this.producer);
  }
}

function disconnect(producer: Producer): Promise<void> {
  return producer.disconnect().catch(() => undefined);
}
