import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type EmbeddedConnection } from '../index.js';

/** A process that runs the embedded PostgreSQL in a folder, as Annal does. */
export interface OwnerProcess {
  readonly pid: number;
  readonly postgres: { readonly pid: number; readonly connection: EmbeddedConnection };
  /** Ends it as a power switch would: nothing can be tidied up. */
  kill(): Promise<void>;
}

const HOOKS = new URL('../../../../../../test/setup/typescript.mjs', import.meta.url);
const PROGRAM = new URL('./own-postgres.ts', import.meta.url);

/** @param orphanGrace see `EmbeddedPostgresOptions` */
export async function startOwnerProcess(directory: string, orphanGrace: number): Promise<OwnerProcess> {
  const args = ['--import', HOOKS.href, fileURLToPath(PROGRAM), directory, String(orphanGrace)];
  // jest's own options for Node are not for this one
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
  if (!line || child.pid === undefined) throw new Error('the owner of PostgreSQL ended before it was ready');
  return {
    pid: child.pid,
    postgres: JSON.parse(String(line[0])) as OwnerProcess['postgres'],
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
