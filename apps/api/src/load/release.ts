/** Whether an array is all of its memory, which can then be freed or handed over. */
export function isWhole({ buffer, byteLength }: ArrayBufferView): boolean {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
}

/**
 * Frees the memory of what nobody needs any more at once instead of at some later collection: it is empty afterwards. Where a
 * chunk is only a part of some memory, that stays, as others may use it.
 */
export function release(chunks: readonly ArrayBufferView[]): void {
  for (const chunk of chunks) if (isWhole(chunk)) (chunk.buffer as ArrayBuffer).transfer(0);
}
