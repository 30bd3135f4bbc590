/**
 * Frees the memory of what nobody needs any more at once instead of at some later collection: it is empty afterwards. Where a
 * chunk is only a part of some memory, that stays, as others may use it.
 */
export function release(chunks: readonly ArrayBufferView[]): void {
  for (const { buffer, byteLength } of chunks) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
  }
}
