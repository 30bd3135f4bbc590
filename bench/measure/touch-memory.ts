import { readFileSync } from 'node:fs';

const GIGABYTE = 2 ** 30;
const PAGE = 4096;
/** What is left alone: for what starts in the meantime. */
const LEFT = 2 * GIGABYTE;

/**
 * Writes to the memory that nobody uses, once. A virtual machine may get its memory from the host page by page, as it is first
 * written to, and that costs many times the work itself: whoever comes first to fill the page cache would pay for it.
 *
 * @returns what was written to, bytes; 0 where the system does not tell what is free
 */
export function touchFreeMemory(): number {
  const touched: ArrayBuffer[] = [];
  try {
    while (freeMemory() > LEFT + GIGABYTE) {
      const bytes = new Uint8Array(GIGABYTE);
      for (let at = 0; at < bytes.length; at += PAGE) bytes[at] = 1;
      touched.push(bytes.buffer);
    }
    return touched.length * GIGABYTE;
  } finally {
    // at once, not at some later collection
    for (const memory of touched) memory.transfer(0);
  }
}

/** Bytes of memory in which nothing is, not even of files. */
function freeMemory(): number {
  try {
    return Number(/^MemFree:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
