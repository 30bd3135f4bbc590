import { committedRecords } from './committed-records.js';
import type { FetchedPartition, FetchedRecord } from './kafka-client.js';

const ABORT = Buffer.from([0, 0, 0, 0]);
const COMMIT = Buffer.from([0, 0, 0, 1]);

function record(offset: number, producerId: string, key = `${offset}`): FetchedRecord {
  const batchContext = { producerId, inTransaction: producerId !== '-1' };
  return { offset: `${offset}`, key: Buffer.from(key), value: null, headers: {}, batchContext };
}

function mark(offset: number, producerId: string, key: Buffer): FetchedRecord {
  return { ...record(offset, producerId), key, isControlRecord: true };
}

function committed(
  messages: readonly FetchedRecord[],
  aborted: readonly [producerId: string, first: number][],
): string[] {
  const abortedTransactions = aborted.map(([producerId, first]) => ({ producerId, firstOffset: `${first}` }));
  const answer: FetchedPartition = { highWatermark: '99', lastStableOffset: '99', messages, abortedTransactions };
  return committedRecords(answer).map(({ offset }) => offset);
}

describe('The committed records of an answer', () => {
  it('are those of committed transactions and of no transaction', () => {
    const messages = [record(0, 'a'), mark(1, 'a', COMMIT), record(2, 'a'), mark(3, 'a', ABORT), record(4, '-1')];
    expect(committed(messages, [['a', 2]])).toEqual(['0', '4']);
  });

  it('are those of a producer again once its aborted transaction is over', () => {
    const messages = [record(0, 'a'), mark(1, 'a', ABORT), record(2, 'a'), mark(3, 'a', COMMIT)];
    expect(committed(messages, [['a', 0]])).toEqual(['2']);
  });

  it('are none of several transactions that began before the answer does', () => {
    const messages = [record(10, 'b'), record(11, 'a'), mark(12, 'a', ABORT), mark(13, 'b', ABORT), record(14, 'b')];
    const aborted: [string, number][] = [
      ['b', 5],
      ['a', 3],
    ];
    expect(committed(messages, aborted)).toEqual(['14']);
  });

  it('may have the key that marks of aborted transactions have', () => {
    const messages = [{ ...record(0, 'a'), key: ABORT }, record(1, 'a'), mark(2, 'a', ABORT)];
    expect(committed(messages, [['a', 0]])).toEqual([]);
  });

  it('are all where nothing was aborted', () => {
    expect(committed([record(0, 'a'), record(1, '-1'), mark(2, 'a', COMMIT)], [])).toEqual(['0', '1']);
  });
});
