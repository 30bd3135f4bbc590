import { release } from './release.js';

const PASSING = new WeakSet<Buffer>();

/** Marks bytes that nobody needs once they are sent: their memory is freed then, not at some later collection. */
export function passing(bytes: Buffer): Buffer {
  PASSING.add(bytes);
  return bytes;
}

/** Whether bytes are marked so. */
export function isPassing(bytes: Buffer): boolean {
  return PASSING.has(bytes);
}

/** Frees the memory of bytes that were sent, where they are marked so. */
export function passed(bytes: Buffer): void {
  if (PASSING.has(bytes)) release([bytes]);
}
