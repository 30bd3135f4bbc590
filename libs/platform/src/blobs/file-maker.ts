import { Worker } from 'node:worker_threads';

/** Files to be made; they are open for writing under the flags. */
interface Order {
  readonly paths: readonly string[];
  readonly flags: number;
  /** Made durable after that. */
  readonly directories: readonly string[];
}

type Answer = { readonly descriptors: readonly number[] } | { readonly error: string };

/**
 * What the thread runs; a text, so that it is the same from sources and from the build. Descriptors belong to the
 * process, whichever thread opens them.
 */
const THREAD = `
const { parentPort } = require('node:worker_threads');
const { closeSync, fsyncSync, openSync, unlinkSync } = require('node:fs');
parentPort.on('message', ({ paths, flags, directories }) => {
  const descriptors = [];
  try {
    for (const path of paths) descriptors.push(openSync(path, flags, 0o600));
    for (const directory of directories) {
      const descriptor = openSync(directory, 'r');
      try { fsyncSync(descriptor); } finally { closeSync(descriptor); }
    }
    parentPort.postMessage({ descriptors });
  } catch (error) {
    descriptors.forEach((descriptor, index) => {
      closeSync(descriptor);
      try { unlinkSync(paths[index]); } catch {}
    });
    parentPort.postMessage({ error: String(error.message) });
  }
});`;

/** Makes many files at once in a thread of its own: one message there and back, where each file would take a turn of a thread. */
export class FileMaker {
  private thread: Worker | undefined;
  private waiting: { resolve: (descriptors: readonly number[]) => void; reject: (error: Error) => void } | undefined;

  /** Makes the files, all or none; resolves with their descriptors. One order at a time. */
  make(order: Order): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.thread ??= this.start();
      this.thread.postMessage(order);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private start(): Worker {
    // not the thread's: it would close their numbers when it ends, whatever these stand for by then
    const thread = new Worker(THREAD, { eval: true, trackUnmanagedFds: false });
    thread.unref();
    thread.on('message', (answer: Answer) => {
      if ('descriptors' in answer) this.waiting?.resolve(answer.descriptors);
      else this.waiting?.reject(new Error(answer.error));
      this.waiting = undefined;
    });
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      this.thread = undefined;
      this.waiting?.reject(new Error('The thread that makes files ended'));
      this.waiting = undefined;
    });
    return thread;
  }
}
