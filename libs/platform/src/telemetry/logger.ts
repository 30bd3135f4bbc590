import { join } from 'node:path';
import pino from 'pino';

/** Where the log goes, and how much of it. */
export interface LogSettings {
  readonly level: pino.LevelWithSilent;
  /** A file instead of the standard error. */
  readonly file?: string;
  /** A folder for a file of each process instead. */
  readonly folder?: string;
}

/** Annal's log: JSON lines on the standard error, as containers collect them, or in a file. */
export function createLogger({ level, file, folder }: LogSettings, name: string): pino.Logger {
  const path = file ?? (folder === undefined ? undefined : join(folder, `annal-${name}-${process.pid}.log`));
  const destination =
    path === undefined ? { fd: 2, sync: true } : { dest: path, append: true, mkdir: true, sync: true };
  return pino(
    { level, base: { process: name, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(destination),
  );
}

export type { Logger } from 'pino';
