import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** So many connections the system takes before it takes none any more: the backlog and one more (Linux). */
const BACKLOG = 1;

const LISTEN = `
const { createServer } = require('node:net');
const { parentPort } = require('node:worker_threads');
const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: ${BACKLOG} }, () => {
  parentPort.postMessage(server.address().port);
  // nothing is accepted while the thread stands still
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** A port at which connections hang: the system lets nobody in, as nobody accepts those that came before. */
export class DeafServer {
  private constructor(
    readonly endpoint: string,
    private readonly thread: Worker,
    private readonly waiting: readonly Socket[],
  ) {}

  static async start(): Promise<DeafServer> {
    const thread = new Worker(LISTEN, { eval: true });
    const [port] = (await once(thread, 'message')) as [number];
    const waiting = Array.from({ length: BACKLOG + 1 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(waiting.map((socket) => once(socket, 'connect')));
    return new DeafServer(`http://127.0.0.1:${port}`, thread, waiting);
  }

  async stop(): Promise<void> {
    for (const socket of this.waiting) socket.destroy();
    await this.thread.terminate();
  }
}
