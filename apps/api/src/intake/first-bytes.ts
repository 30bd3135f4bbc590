/** A stream whose first bytes have been looked at; it can be read from its beginning once. */
export interface PeekedStream {
  readonly first: Buffer;
  readonly all: AsyncIterable<Buffer>;
}

/** Reads at least `length` bytes of a stream (fewer only if it ends), without losing them. */
export async function peek(stream: AsyncIterable<Buffer>, length: number): Promise<PeekedStream> {
  const iterator = stream[Symbol.asyncIterator]();
  const read: Buffer[] = [];
  let size = 0;
  while (size < length) {
    const next = await iterator.next();
    if (next.done) break;
    read.push(next.value);
    size += next.value.length;
  }
  const first = read.length === 1 ? read[0]! : Buffer.concat(read);
  return { first, all: rejoin(first, iterator) };
}

function rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  let taken = first.length === 0;
  const joined: AsyncIterator<Buffer> = {
    next: () => {
      if (taken) return rest.next();
      taken = true;
      return Promise.resolve({ done: false, value: first });
    },
    return: () => rest.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
  return { [Symbol.asyncIterator]: () => joined };
}
