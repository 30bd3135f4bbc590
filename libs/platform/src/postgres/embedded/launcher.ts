import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { type Account } from './account.js';

/** Starts programs as the account that PostgreSQL runs as. */
export interface Launcher {
  /** undefined: the account of this process */
  readonly account: Account | undefined;
  launch(program: string, args: readonly string[], options?: Pick<SpawnOptions, 'stdio' | 'detached'>): ChildProcess;
}

/**
 * The capabilities that let the account pass through folders closed to it (as /root is), the smallest first; the
 * second one is what container engines leave.
 */
const CAPABILITIES = ['dac_read_search', 'dac_override'] as const;

/** The ways to start programs, the least privileged first. */
export function launchers(account: Account | undefined): Launcher[] {
  if (!account) return [{ account, launch: (program, args, options) => start(program, args, options) }];
  const plain: Launcher = {
    account,
    launch: (program, args, options) => start(program, args, { ...options, ...account }),
  };
  return [plain, ...(process.platform === 'linux' ? CAPABILITIES.map((name) => withCapability(account, name)) : [])];
}

/** setpriv replaces itself by the program, so the child's process id is the program's. */
function withCapability(account: Account, capability: string): Launcher {
  const prefix = [
    ...[`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'],
    ...[`--inh-caps=+${capability}`, `--ambient-caps=+${capability}`],
    // access(2), with which initdb looks for postgres, would leave out the capabilities of a user who is not root
    '--securebits=+no_setuid_fixup',
  ];
  return {
    account,
    launch: (program, args, options) => start('setpriv', [...prefix, program, ...args], options),
  };
}

function start(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  // PostgreSQL's own variables (PGDATA, PGPORT, …) and locales of the caller must not leak in
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  return spawn(program, args, { ...options, env, cwd: '/' });
}
