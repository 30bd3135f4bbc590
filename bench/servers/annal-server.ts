import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/free-ports.js';
import { COMMON_CONFIGURATION } from './configuration.js';
import { answers, ServerProcess } from './process.js';
import { getJson, type Server } from './server.js';

/** The command that people run. */
export const LAUNCHER = fileURLToPath(new URL('../../bin/annal', import.meta.url));

/** Annal as built, with its embedded PostgreSQL, in a folder of its own. */
export class AnnalServer implements Server {
  readonly name = 'Annal';
  readonly url: string;
  readonly folder: string;
  readonly configurationFile: string;
  readonly version: string;
  private process: ServerProcess;

  private constructor(folder: string, url: string, process: ServerProcess, version: string) {
    this.folder = folder;
    this.url = url;
    this.configurationFile = join(folder, 'annal.json');
    this.process = process;
    this.version = version;
  }

  /**
   * @param profiles where the processes leave their CPU profiles when they end; undefined: none are made
   * @param settings what is configured differently, such as `Annal.EventLog`
   */
  static async start(profiles?: string, settings: object = {}): Promise<AnnalServer> {
    const folder = await mkdtemp(join(tmpdir(), 'annal-bench-'));
    const port = await freePort();
    const configuration = {
      ...COMMON_CONFIGURATION,
      HttpPort: port,
      StorageDirectory: 'storage',
      IndexDirectory: 'index',
      ...settings,
    };
    await writeFile(join(folder, 'annal.json'), JSON.stringify(configuration));
    const options = profiles === undefined ? '' : `--cpu-prof --cpu-prof-dir=${profiles}`;
    const server = new ServerProcess(LAUNCHER, [join(folder, 'annal.json')], { NODE_OPTIONS: options });
    const url = `http://127.0.0.1:${port}`;
    await server.ready(() => answers(url));
    const { AnnalVersion } = await getJson<{ AnnalVersion?: string }>(url, '/system');
    return new AnnalServer(folder, url, server, `Annal ${AnnalVersion ?? ''}`.trim());
  }

  /** Stops it and starts it again with other settings; data and port stay. */
  async restart(settings: object): Promise<void> {
    await this.process.close();
    const before = JSON.parse(await readFile(this.configurationFile, 'utf8')) as object;
    await writeFile(this.configurationFile, JSON.stringify({ ...before, ...settings }));
    this.process = new ServerProcess(LAUNCHER, [this.configurationFile], {});
    await this.process.ready(() => answers(this.url));
  }

  /** The primary's process id. */
  get pid(): number {
    return this.process.pid;
  }

  /** Where the embedded PostgreSQL is. */
  get databaseDirectory(): string {
    return join(this.folder, 'index', 'postgres');
  }

  async close(): Promise<void> {
    await this.process.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
