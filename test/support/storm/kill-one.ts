import type { ArchiveServer } from '../archive-server.js';
import { postmaster } from '../database.js';
import { workersOf } from '../processes.js';
import type { Random } from './random.js';

/** Which process of a server is killed. */
export type Victim = 'worker' | 'primary' | 'postgres';

/**
 * Kills a process of a server: mostly a worker, which is started again at once, seldom the primary, and PostgreSQL where
 * it is the server's own.
 * @returns undefined where there was none
 */
export async function killOne(server: ArchiveServer, random: Random): Promise<Victim | undefined> {
  const victim = choose(server, random);
  return sigkill(await processOf(server, victim, random)) ? victim : undefined;
}

function choose(server: ArchiveServer, random: Random): Victim {
  if (server.databaseUrl === undefined && random.chance(0.1)) return 'postgres';
  return random.chance(0.05) ? 'primary' : 'worker';
}

async function processOf(server: ArchiveServer, victim: Victim, random: Random): Promise<number> {
  if (victim === 'primary') return server.pid;
  if (victim === 'postgres') return postmaster(server);
  const workers = workersOf(server.pid);
  return workers.length === 0 ? 0 : random.pick(workers);
}

/** @returns whether there was such a process */
function sigkill(pid: number): boolean {
  try {
    // 0 stands for the group of this process
    return pid > 0 && process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
