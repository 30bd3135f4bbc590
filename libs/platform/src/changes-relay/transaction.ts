import type { KafkaRecord } from '../kafka/kafka-client.js';
import { type FeedRow, type Origin, toChangeRecord } from './change-record.js';
import { RelayRefused } from './relay-place.js';

/**
 * The records of the next transaction: as many of the rows as fit, but one at least.
 * @param at the Seq that the rows must follow without a gap
 * @param bytes how large the records may be together
 * @returns and the last Seq among them
 * @throws RelayRefused at a gap
 */
export function transactionOf(
  rows: readonly FeedRow[],
  at: number,
  origin: Origin,
  bytes: number,
): { readonly records: readonly KafkaRecord[]; readonly last: number } {
  const records: KafkaRecord[] = [];
  let last = at;
  let size = 0;
  for (const row of rows) {
    if (row.seq !== last + 1) throw new RelayRefused(`The changes feed has a gap behind Seq ${last}`);
    const record = toChangeRecord(row, origin);
    size += sizeOf(record);
    if (size > bytes && records.length > 0) break;
    records.push(record);
    last = row.seq;
  }
  return { records, last };
}

/** Bytes of a record as it is sent, at most. */
function sizeOf({ key, value, headers }: KafkaRecord): number {
  const texts = [key ?? '', ...Object.entries(headers).flat()];
  return texts.reduce((size, text) => size + Buffer.byteLength(text) + 5, value.length + 20);
}
