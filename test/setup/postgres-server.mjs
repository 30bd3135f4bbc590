import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './typescript.mjs';

const PREFIX = 'annal-test-postgres-';
const DOCKER_SOCKET = '/var/run/docker.sock';

/** Starts a PostgreSQL for tests: in a container where an engine answers, else the embedded one. */
export async function startTestServer() {
  if (!process.env.DOCKER_HOST && !existsSync(DOCKER_SOCKET)) return startEmbedded();
  try {
    const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
    const container = await new PostgreSqlContainer('postgres:18').start();
    return { url: container.getConnectionUri(), stop: () => container.stop() };
  } catch (error) {
    console.warn(`No PostgreSQL in a container (${error.message}): tests use the embedded one`);
    return startEmbedded();
  }
}

async function startEmbedded() {
  await removeAbandoned();
  const { startEmbeddedPostgres } = await import('../../libs/platform/src/postgres/embedded/index.ts');
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const server = await startEmbeddedPostgres({
    directory,
    port: await freePort(),
    durable: false,
    orphanGrace: 5,
    logger: { info: () => undefined, warn: console.warn },
  });
  const { user, password, port, database } = server.connection;
  return {
    url: `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Removes the data of runs that were killed. */
async function removeAbandoned() {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number.parseInt(name.slice(PREFIX.length));
    if (!existsSync(`/proc/${pid}`)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
