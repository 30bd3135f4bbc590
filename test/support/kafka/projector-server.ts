import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveServer } from '../archive-server.js';
import { freePort } from '../free-ports.js';
import { until } from '../processes.js';

const LAUNCHER = join(import.meta.dirname, '../../../bin/annal');
const READY_MS = 60_000;

/** What a projector says of itself. */
export interface ProjectorReadiness {
  readonly Checks: Readonly<Record<'Database' | 'Fold' | 'Log' | 'Schema', boolean>>;
  readonly FoldedOffset: number;
  readonly Lag: number;
  readonly Parked: number;
  readonly State: string;
  readonly Status: string;
}

/** A projector as a process of its own, beside a server whose log is in Kafka. */
export class ProjectorServer {
  private child: ChildProcess | undefined;
  private errors = '';
  private output = '';

  private constructor(
    readonly port: number,
    private readonly file: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Starts one with the server's configuration, but for its role and port. @param more options on top */
  static async start(
    server: ArchiveServer,
    more: object = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ProjectorServer> {
    const configuration = JSON.parse(await readFile(server.configurationFile, 'utf8')) as { Annal: object };
    const port = await freePort();
    const file = join(server.folder, `projector-${port}.json`);
    const Annal = { ...configuration.Annal, Roles: ['projector'] };
    await writeFile(file, JSON.stringify({ ...configuration, HttpPort: port, ...more, Annal }));
    const projector = new ProjectorServer(port, file, environment);
    await projector.run();
    return projector;
  }

  /** Starts the process; resolves when it says that it listens. */
  async run(): Promise<void> {
    this.errors = this.output = '';
    const child = spawn(LAUNCHER, [this.file], {
      env: { ...process.env, NODE_OPTIONS: '', ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    await until(() => {
      if (child.exitCode !== null) throw new Error(`The projector ended: ${this.errors}`);
      return this.output.includes('listens on');
    }, READY_MS);
  }

  /** The process id of what was started. */
  get pid(): number {
    return this.child!.pid!;
  }

  /** Everything it printed to its standard error. */
  get log(): string {
    return this.errors;
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void {
    this.child!.kill(signal);
  }

  /** Ends it by a signal; resolves with its exit code when it is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.child!;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  }

  /** A request to it. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`, init);
  }

  /** What it says of itself. */
  async readiness(): Promise<ProjectorReadiness> {
    return (await (await this.fetch('/health/ready')).json()) as ProjectorReadiness;
  }

  /** Resolves once it is in a state. */
  async is(state: string): Promise<void> {
    await until(async () => (await this.readiness()).State === state);
  }
}
