import { writev } from 'node:fs';

/** Buffers of one write (IOV_MAX is 1024 on Linux). */
const MAX_VECTOR = 512;

/** Writes all bytes of the chunks at the file's position, in a thread. */
export async function writeAll(descriptor: number, chunks: readonly Buffer[]): Promise<void> {
  let rest = chunks;
  while (rest.length > 0) {
    let written = await writevAsync(descriptor, rest.slice(0, MAX_VECTOR));
    let index = 0;
    while (index < rest.length && written >= rest[index]!.length) written -= rest[index++]!.length;
    rest = rest.slice(index);
    if (written > 0) rest = [rest[0]!.subarray(written), ...rest.slice(1)];
  }
}

function writevAsync(descriptor: number, chunks: readonly Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(descriptor, chunks, (error, written) => (error ? reject(error) : resolve(written)));
  });
}
