import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestDatabase } from '../../libs/platform/src/postgres/testing/test-database.js';
import { freePort } from './free-ports.js';
import { openServerLog } from './server-log.js';

const LAUNCHER = join(import.meta.dirname, '../../bin/annal');
const READY_TIMEOUT_MS = 60_000;

/** What a test wants of the server it starts. */
export interface ArchiveOptions {
  /** Orthanc's and Annal's options, beside those the harness sets. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The embedded PostgreSQL instead of a database of the test run. */
  readonly embedded?: boolean;
}

/** The built server as a process of its own, on a database, a log and a folder of its own. */
export class ArchiveServer {
  private process: ChildProcess | undefined;
  private errors = '';

  private constructor(
    readonly url: string,
    readonly port: number,
    readonly folder: string,
    readonly databaseUrl: string | undefined,
    readonly configurationFile: string,
    /** The folder of the DICOM files. */
    readonly storage: string,
    /** The folder of the embedded PostgreSQL. */
    readonly index: string,
    private readonly dropData: () => Promise<void>,
  ) {}

  /** Prepares a server and starts it; one that does not start leaves nothing. */
  static async start(options: ArchiveOptions = {}): Promise<ArchiveServer> {
    const folder = await mkdtemp(join(tmpdir(), 'annal-e2e-'));
    const database = options.embedded ? undefined : await openTestDatabase();
    const log = await openServerLog();
    const port = await freePort();
    const file = join(folder, 'annal.json');
    const settings = {
      Name: 'Test',
      HttpPort: port,
      StorageDirectory: join(folder, 'storage'),
      IndexDirectory: join(folder, 'index'),
      StableAge: 60,
      ...(options.configuration as { Annal?: { EventLog?: object } } | undefined),
    };
    await writeFile(
      file,
      JSON.stringify({
        ...settings,
        Annal: {
          ...(database && { Database: { Url: database.url } }),
          ...settings.Annal,
          EventLog: { ...log.options, ...settings.Annal?.EventLog },
        },
      }),
    );
    const close = async (): Promise<void> => {
      await database?.close();
      await log.close();
    };
    const server = new ArchiveServer(
      // certificates of tests are for a name
      options.configuration?.SslEnabled === true ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
      port,
      folder,
      database?.url,
      file,
      settings.StorageDirectory,
      settings.IndexDirectory,
      close,
    );
    try {
      await server.run(options.environment);
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Another server of the same archive, which must outlive it. */
  async replica(environment: Readonly<Record<string, string>> = {}): Promise<ArchiveServer> {
    const folder = await mkdtemp(join(tmpdir(), 'annal-e2e-'));
    const port = await freePort();
    const file = join(folder, 'annal.json');
    const settings = JSON.parse(await readFile(this.configurationFile, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...settings, HttpPort: port }));
    const { databaseUrl, storage, index } = this;
    const url = `http://127.0.0.1:${port}`;
    const replica = new ArchiveServer(url, port, folder, databaseUrl, file, storage, index, async () => undefined);
    await replica.run(environment);
    return replica;
  }

  /** Starts the process; resolves when it answers. */
  async run(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    this.errors = '';
    const child = spawn(LAUNCHER, [this.configurationFile], {
      env: { ...process.env, NODE_OPTIONS: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The server is not ready: ${this.errors}`)), READY_TIMEOUT_MS);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (!output.includes('listens on')) return;
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        reject(new Error(`The server ended (${signal ?? code}): ${this.errors}`));
      });
    });
  }

  /** The primary's process id. */
  get pid(): number {
    return this.process!.pid!;
  }

  /** Everything the server printed to its standard error. */
  get log(): string {
    return this.errors;
  }

  /** Resolves when the log has a line that matches. */
  async logged(pattern: RegExp): Promise<void> {
    const { stderr } = this.process!;
    const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
    while (!pattern.test(this.errors)) await once(stderr!, 'data', { signal });
  }

  /** Sends a signal to the primary and waits until it is gone; resolves with its exit code. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.process!;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  }

  /** Resolves when the primary has ended by itself. */
  async ended(): Promise<void> {
    const child = this.process!;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  /** Stops the server and removes all it had. */
  async close(): Promise<void> {
    await this.end();
    await this.dropData();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A request to the server. */
  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url + path, init);
  }

  /** A GET whose answer is JSON. */
  async json<T>(path: string): Promise<T> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Uploads a file; resolves with the status and the parsed answer. */
  async upload(file: Buffer, headers: Record<string, string> = {}): Promise<{ status: number; body: UploadAnswer }> {
    const response = await this.fetch('/instances', { method: 'POST', body: new Uint8Array(file), headers });
    const text = await response.text();
    return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as UploadAnswer };
  }
}

/** The answer to the upload of one DICOM file. */
export interface UploadAnswer {
  readonly ID: string;
  readonly ParentPatient: string;
  readonly ParentStudy: string;
  readonly ParentSeries: string;
  readonly Path: string;
  readonly Status: string;
}
