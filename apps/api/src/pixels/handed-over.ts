import { move, transferableSymbol, valueSymbol } from 'piscina';
import { isWhole, release } from '../load/release.js';

/**
 * What a thread answers with, so that its bytes are handed over. A copy would stay in the thread's memory until that is
 * collected, which comes late: threads allocate little else, and all that codecs may use counts as theirs.
 *
 * @param answer around some bytes
 * @param bytes made by the thread
 * @param input what the thread was given, and needs no more
 */
export function handedOver<T extends object, B extends Uint8Array | Uint16Array>(
  answer: (bytes: B) => T,
  bytes: B,
  input: Uint8Array,
): T {
  const own = isWhole(bytes) ? bytes : (copyOf(bytes) as B);
  if (own.buffer !== input.buffer) release([input]);
  // what piscina sends is the value
  return move({ [transferableSymbol]: [own.buffer], [valueSymbol]: answer(own) }) as unknown as T;
}

/** Not `slice`, which does not copy where the array is a Buffer. */
function copyOf(bytes: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  return bytes instanceof Uint16Array ? new Uint16Array(bytes) : new Uint8Array(bytes);
}
