import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a function with the log file of a process, which grows from start to start. */
export function withLogFile<T>(logs: string, name: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(join(logs, `${name}.log`), 'a');
  try {
    return use(descriptor);
  } finally {
    // the child has one of its own
    closeSync(descriptor);
  }
}
