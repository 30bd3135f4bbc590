import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const START_TIMEOUT_MS = 30_000;

/** Where versitygw listens, and whom it lets in. */
export interface GatewaySettings {
  /** on 127.0.0.1 */
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How to run versitygw on a folder, which gets the subfolders it needs. */
export async function gatewayCommand(
  folder: string,
  { port, accessKeyId, secretAccessKey }: GatewaySettings,
): Promise<{ args: string[]; env: NodeJS.ProcessEnv }> {
  for (const name of ['root', 'metadata']) await mkdir(join(folder, name), { recursive: true });
  const options = ['--quiet', '--keep-alive', '--port', `127.0.0.1:${port}`];
  const storage = ['posix', '--sidecar', join(folder, 'metadata'), join(folder, 'root')];
  return {
    args: [...options, ...storage],
    env: { ...process.env, ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey },
  };
}

/** Resolves when somebody listens at the port. @throws Error when the child ends before, or nobody comes */
export async function accepting(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null && performance.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      await delay(20);
    } finally {
      socket.destroy();
    }
  }
  throw new Error('The S3 server does not start');
}
