import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Order, type WorkResult } from './work.js';

const MAIN = fileURLToPath(new URL('client-main.ts', import.meta.url));

/** The process that loads the servers: one order at a time. */
export class LoadClient {
  private readonly child: ChildProcess = fork(MAIN, { execArgv: process.execArgv, serialization: 'advanced' });

  /** @throws when a request was not answered with 200 */
  async run(order: Order): Promise<WorkResult> {
    const answered = once(this.child, 'message') as Promise<[{ result?: WorkResult; error?: string }]>;
    this.child.send(order);
    const [{ result, error }] = await answered;
    if (!result) throw new Error(error);
    return result;
  }

  close(): void {
    this.child.disconnect();
  }
}
