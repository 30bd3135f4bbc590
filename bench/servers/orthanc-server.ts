import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../../test/support/free-ports.js';
import { COMMON_CONFIGURATION } from './configuration.js';
import { answers, ServerProcess } from './process.js';
import { listenerOn } from './processes.js';
import { countsOf, getJson, type Server } from './server.js';

/** The Orthanc that runs at a URL, else one started from the PATH, else none. */
export async function openOrthanc(url: string | undefined): Promise<Server | undefined> {
  if (url !== undefined) return running(url.replace(/\/$/, ''));
  const program = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'Orthanc'))
    .find(isExecutable);
  return program === undefined ? undefined : start(program);
}

async function running(url: string): Promise<Server> {
  const counts = await countsOf(url);
  if (counts.CountInstances > 0)
    throw new Error(`The Orthanc at ${url} is not empty: all it holds would be in the way`);
  const { hostname, port } = new URL(url);
  const pid = ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? listenerOn(Number(port)) : undefined;
  return { name: 'Orthanc', url, pid, version: await versionOf(url), close: async () => undefined };
}

async function start(program: string): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'annal-bench-orthanc-'));
  const port = await freePort();
  const file = join(folder, 'orthanc.json');
  const configuration = { ...COMMON_CONFIGURATION, HttpPort: port, StorageDirectory: folder, IndexDirectory: folder };
  await writeFile(file, JSON.stringify(configuration));
  const server = new ServerProcess(program, [file]);
  const url = `http://127.0.0.1:${port}`;
  await server.ready(() => answers(url));
  const close = async (): Promise<void> => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { name: 'Orthanc', url, pid: server.pid, version: await versionOf(url), close };
}

async function versionOf(url: string): Promise<string> {
  const { Version } = await getJson<{ Version: string }>(url, '/system');
  return `Orthanc ${Version}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
