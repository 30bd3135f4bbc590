import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-ports.js';
import { builtServer } from './built-server.js';
import { accepting, gatewayCommand } from './gateway.js';

/** A running S3 server for tests. */
export interface TestS3 {
  /** http://host:port */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

const MISSING =
  'NOT TESTED: blobs in S3, as there is no Go to build a server with, no ANNAL_TEST_S3_ENDPOINT and no container engine';

/**
 * An S3 server: that of ANNAL_TEST_S3_ENDPOINT (with ANNAL_TEST_S3_ACCESS_KEY_ID, ANNAL_TEST_S3_SECRET_ACCESS_KEY and
 * perhaps ANNAL_TEST_S3_REGION), else one built with Go, else one in a container. Where none is possible it says so
 * and resolves with undefined; with CI=true that is an error.
 */
export async function startTestS3(): Promise<TestS3 | undefined> {
  const given = givenServer();
  if (given) return given;
  const problems: string[] = [];
  for (const start of [startBuilt, startContainer]) {
    try {
      const server = await start();
      if (server) return server;
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  const message = [MISSING, ...problems].join('\n');
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`${message}\n`);
  return undefined;
}

function givenServer(): TestS3 | undefined {
  const environment = process.env;
  const endpoint = environment.ANNAL_TEST_S3_ENDPOINT;
  if (!endpoint) return undefined;
  return {
    endpoint,
    region: environment.ANNAL_TEST_S3_REGION ?? 'us-east-1',
    accessKeyId: environment.ANNAL_TEST_S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: environment.ANNAL_TEST_S3_SECRET_ACCESS_KEY ?? '',
    stop: async () => undefined,
  };
}

const newCredentials = (): Pick<TestS3, 'region' | 'accessKeyId' | 'secretAccessKey'> => ({
  region: 'us-east-1',
  accessKeyId: 'annal-test',
  secretAccessKey: randomUUID(),
});

async function startBuilt(): Promise<TestS3 | undefined> {
  const program = await builtServer();
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'annal-test-s3-'));
  const credentials = newCredentials();
  const port = await freePort();
  const { args, env } = await gatewayCommand(folder, { port, ...credentials });
  // the shell ends the server when this process is gone, whatever ended it
  const script = '"$0" "$@" & server=$!; read -r _; kill $server; wait $server';
  const child = spawn('sh', ['-c', script, program, ...args], { stdio: ['pipe', 'ignore', 'ignore'], env });
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await accepting(port, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint: `http://127.0.0.1:${port}`, ...credentials, stop };
}

async function startContainer(): Promise<TestS3 | undefined> {
  if (!process.env.DOCKER_HOST && !existsSync('/var/run/docker.sock')) return undefined;
  const { GenericContainer, Wait } = await import('testcontainers');
  const credentials = newCredentials();
  const container = await new GenericContainer('versity/versitygw:v1.8.0')
    .withCommand(['--port', ':7070', 'posix', '/tmp'])
    .withEnvironment({
      ROOT_ACCESS_KEY_ID: credentials.accessKeyId,
      ROOT_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    })
    .withExposedPorts(7070)
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
  const endpoint = `http://${container.getHost()}:${container.getMappedPort(7070)}`;
  return { endpoint, ...credentials, stop: async () => void (await container.stop()) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin!.end();
  await exited;
}
