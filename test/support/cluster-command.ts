import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USER } from '../../scripts/cluster/environment.js';
import { until } from './processes.js';

const SCRIPT = join(import.meta.dirname, '../../scripts/cluster.mjs');
const START_MS = 150_000;

/** What `npm run cluster` starts, as a person starts it. */
export class ClusterCommand {
  private readonly child: ChildProcess;
  private output = '';

  constructor(
    private readonly directory: string,
    private readonly ports: number,
  ) {
    const args = ['--directory', directory, '--ports', String(ports)];
    const env = { ...process.env, NODE_OPTIONS: '' };
    this.child = spawn(process.execPath, [SCRIPT, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** The process id of the script. */
  get pid(): number {
    return this.child.pid!;
  }

  /** Resolves when it has said something. @throws Error with what it said if it ends before */
  async said(text: string): Promise<void> {
    await until(() => this.output.includes(text) || this.child.exitCode !== null, START_MS);
    if (!this.output.includes(text)) throw new Error(`The cluster ended: ${this.output}`);
  }

  /** Stops it, as Ctrl-C does; resolves with the exit status. */
  async interrupt(): Promise<number | null> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      await exited;
    }
    return child.exitCode;
  }

  /** The process id of one of its processes. */
  processId(name: string): number {
    return Number(readFileSync(join(this.directory, 'run', `${name}.pid`), 'utf8'));
  }

  /** A request to one of the two servers. */
  fetch(server: 1 | 2, path: string, init: RequestInit = {}): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${USER}:${USER}`).toString('base64')}`;
    return fetch(`http://127.0.0.1:${this.ports + server - 1}${path}`, { ...init, headers: { authorization } });
  }
}
