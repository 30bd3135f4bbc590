import type { Readable } from 'node:stream';

/** The first bytes of a stream, `length` unless it is shorter, and the rest, which can be read once. */
export async function splitStream(
  stream: Readable,
  length: number,
): Promise<{ readonly head: Buffer; readonly rest: AsyncIterable<Buffer> }> {
  const iterator = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let bytes: Buffer = Buffer.alloc(0);
  while (bytes.length < length) {
    const next = await iterator.next();
    if (next.done) break;
    bytes = bytes.length === 0 ? next.value : Buffer.concat([bytes, next.value]);
  }
  let over: Buffer | undefined = bytes.subarray(length);
  const rest: AsyncIterator<Buffer> = {
    next: () => {
      if (!over || over.length === 0) return iterator.next();
      const value = over;
      over = undefined;
      return Promise.resolve({ done: false, value });
    },
    return: () => iterator.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return { head: bytes.subarray(0, length), rest: { [Symbol.asyncIterator]: () => rest } };
}
