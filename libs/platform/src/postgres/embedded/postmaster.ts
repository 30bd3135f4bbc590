import { type ChildProcess } from 'node:child_process';
import { type PostgresBinaries } from './binaries.js';
import { type Cluster } from './cluster.js';
import { EmbeddedPostgresError } from './errors.js';
import { type Launcher } from './launcher.js';
import { type SupervisionLogger } from './logger.js';
import { readPostmasterFile } from './postmaster-file.js';
import { waitUntil } from './processes.js';
import { ServerLog } from './server-log.js';
import { settingArguments, type ServerSettings } from './settings.js';

/** How PostgreSQL's main process ended. */
export interface PostmasterExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** PostgreSQL's main process, started by this one. */
export interface Postmaster {
  readonly pid: number;
  /** It does not keep this process alive, unless `hold` was called. */
  readonly exited: Promise<PostmasterExit>;
  hold(): void;
}

/** What PostgreSQL says where another one starts, or the rest of a killed one is, on the same data. */
const CONTENDED = /postmaster\.pid" (already exists|is empty)|pre-existing shared memory|Is another postmaster/;

/** PostgreSQL ended before it was ready. */
export class StartFailure extends EmbeddedPostgresError {
  /** Whether another start, or the rest of a killed PostgreSQL, was in the way, so that a later try may succeed. */
  readonly contended: boolean;

  constructor(message: string, ended: PostmasterExit | undefined) {
    super(message);
    // by itself it ends with an error: one that ends well was stopped by a start that found it ready and unowned
    this.contended = ended?.code === 0 || CONTENDED.test(message);
  }
}

/**
 * Starts PostgreSQL in a session of its own (Ctrl-C at the terminal does not reach it) and resolves when it accepts
 * connections, after crash recovery if need be.
 * @throws StartFailure with the end of its log
 */
export async function startPostmaster(
  launcher: Launcher,
  { postgres }: PostgresBinaries,
  { directory, dataDirectory }: Cluster,
  settings: ServerSettings,
  logger: SupervisionLogger,
): Promise<Postmaster> {
  const log = await ServerLog.open(directory);
  try {
    const child = launcher.launch(postgres, ['-D', dataDirectory, ...settingArguments(settings)], {
      stdio: ['ignore', log.descriptor, log.descriptor],
      detached: true,
    });
    child.unref();
    const exited = exitOf(child);
    let ended: PostmasterExit | undefined;
    void exited.then((exit) => (ended = exit));
    const settled = async (): Promise<boolean> => {
      if (ended) return true;
      const file = await readPostmasterFile(dataDirectory);
      return file?.pid === child.pid && file?.ready === true;
    };
    if (!(await waitUntil(settled, 5_000))) {
      logger.info('PostgreSQL is still starting: it recovers from an unclean end');
      await waitUntil(settled);
    }
    if (ended || child.pid === undefined) {
      throw new StartFailure(`PostgreSQL did not start on ${dataDirectory}: ${await log.tail()}`, ended);
    }
    return { pid: child.pid, exited, hold: () => child.ref() };
  } finally {
    await log.close();
  }
}

function exitOf(child: ChildProcess): Promise<PostmasterExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}
