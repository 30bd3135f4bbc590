import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { freePort } from './free-ports.js';

/** A real Orthanc to compare answers with. */
export interface Orthanc {
  readonly url: string;
  /** Stores a file. @returns the identifier of its instance; undefined where Orthanc takes it for none */
  store(file: Buffer): Promise<string | undefined>;
  stop(): Promise<void>;
}

const STARTING_MS = 30_000;
/** Where packages put its plugins. */
const PLUGINS = '/usr/share/orthanc/plugins';

/**
 * The one at the URL in ANNAL_TEST_ORTHANC_URL, else the program `Orthanc` of this machine, started empty; undefined
 * without either, which is said.
 * @param what is not compared then
 * @param configuration beyond the usual, of the one that is started
 */
export async function realOrthanc(what: string, configuration: object = {}): Promise<Orthanc | undefined> {
  const url = process.env.ANNAL_TEST_ORTHANC_URL;
  if (url !== undefined) return at(url, async () => undefined);
  const program = programNamed('Orthanc');
  if (program !== undefined) return start(program, configuration);
  process.stderr.write(`NOT RUN: ${what} needs the program Orthanc, or one at ANNAL_TEST_ORTHANC_URL\n`);
  return undefined;
}

/**
 * The program `Orthanc` of this machine with a configuration of its own, started empty; undefined without it, which is said.
 * @param what is not compared then
 */
export async function orthancWith(what: string, configuration: object): Promise<Orthanc | undefined> {
  const program = programNamed('Orthanc');
  if (program !== undefined) return start(program, configuration);
  process.stderr.write(`NOT RUN: ${what} needs the program Orthanc\n`);
  return undefined;
}

function at(url: string, stop: () => Promise<void>): Orthanc {
  return {
    url,
    stop,
    store: async (file) => {
      const answer = await fetch(`${url}/instances`, { method: 'POST', body: new Uint8Array(file) });
      return answer.ok ? ((await answer.json()) as { ID: string }).ID : undefined;
    },
  };
}

async function start(program: string, further: object = {}): Promise<Orthanc> {
  const folder = mkdtempSync(join(tmpdir(), 'orthanc-'));
  const port = await freePort();
  const configuration = {
    HttpPort: port,
    DicomServerEnabled: false,
    AuthenticationEnabled: false,
    StorageDirectory: folder,
    IndexDirectory: folder,
    ...(existsSync(PLUGINS) && { Plugins: [PLUGINS] }),
    ...further,
  };
  writeFileSync(join(folder, 'orthanc.json'), JSON.stringify(configuration));
  const server = spawn(program, [join(folder, 'orthanc.json')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()).once('error', () => resolve()));
  const orthanc = at(`http://127.0.0.1:${port}`, async () => {
    server.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });
  const end = Date.now() + STARTING_MS;
  while (!(await listens(port))) {
    if (Date.now() > end || server.exitCode !== null) {
      await orthanc.stop();
      throw new Error('Orthanc does not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return orthanc;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

function programNamed(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
