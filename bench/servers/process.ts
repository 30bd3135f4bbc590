import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server's process, with what it says kept for the case that it fails. */
export class ServerProcess {
  private readonly child: ChildProcess;
  private said = '';

  constructor(command: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    // whatever ends this process ends the server
    process.once('exit', () => this.child.kill('SIGTERM'));
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.said = (this.said + text).slice(-20_000)));
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Resolves once the condition holds. @throws when the process ends before */
  async ready(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) {
      if (this.ended) throw new Error(`The server ended while starting: ${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Asks the process to end and waits until it has. */
  async close(): Promise<void> {
    if (this.ended) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** Whether something answers there. */
export async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/system`).then(
    ({ ok }) => ok,
    () => false,
  );
}
