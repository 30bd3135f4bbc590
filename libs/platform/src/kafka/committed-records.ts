import type { FetchedPartition, FetchedRecord } from './kafka-client.js';

/** The key of the control record that ends an aborted transaction: version 0, type 0. */
const ABORT = Buffer.from([0, 0, 0, 0]);

/**
 * What of a read_committed answer counts: brokers send aborted records along, with a list of where such transactions
 * begin, and leave the rest to clients (Apache Kafka, KIP-98, "Consumer"). kafkajs's own filter takes one transaction a
 * record off that list, which lets an aborted record through where an answer begins behind several of these beginnings.
 * @returns the records without the aborted ones and the control records
 */
export function committedRecords({ messages, abortedTransactions }: FetchedPartition): readonly FetchedRecord[] {
  const beginnings = [...(abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset) - Number(b.firstOffset));
  const aborted = new Set<string>();
  return messages.filter(({ offset, key, isControlRecord, batchContext }) => {
    while (beginnings.length > 0 && Number(beginnings[0]!.firstOffset) <= Number(offset)) {
      aborted.add(beginnings.shift()!.producerId);
    }
    const { producerId = '', inTransaction = false } = batchContext ?? {};
    if (isControlRecord === true) {
      if (key?.equals(ABORT)) aborted.delete(producerId);
      return false;
    }
    return !(inTransaction && aborted.has(producerId));
  });
}
