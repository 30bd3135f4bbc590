import { EmbeddedPostgresError } from './errors.js';
import { isPostmaster } from './postmaster-file.js';
import { waitUntil } from './processes.js';

/** A fast shutdown writes at most the buffers; the last resort leaves crash recovery to the next start. */
const STEPS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 60_000],
  ['SIGQUIT', 15_000],
];

/**
 * Stops a running PostgreSQL: sessions end, committed data are safe.
 * @throws EmbeddedPostgresError if it does not end
 */
export async function endPostmaster(pid: number, dataDirectory: string): Promise<void> {
  for (const [signal, timeout] of STEPS) {
    if (!isPostmaster(pid, dataDirectory)) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new EmbeddedPostgresError(`PostgreSQL (process ${pid}) on ${dataDirectory} belongs to another user`, {
        cause: error,
      });
    }
    if (await waitUntil(() => !isPostmaster(pid, dataDirectory), timeout)) return;
  }
  throw new EmbeddedPostgresError(`PostgreSQL (process ${pid}) on ${dataDirectory} does not stop`);
}
