import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** What the thread is asked: the bytes of a slot of the shared memory. */
export interface Md5Task {
  readonly slot: number;
  readonly size: number;
}

export interface Md5Answer {
  readonly slot: number;
  readonly md5: string;
}

/** The memory that both sides see. */
export interface Md5ThreadData {
  readonly memory: SharedArrayBuffer;
  readonly slotSize: number;
}

interface Waiting {
  readonly chunks: readonly Buffer[];
  readonly resolve: (md5: string) => void;
}

/** Below, waking a thread costs more than hashing, bytes. */
const WORTH_A_THREAD = 128 * 1024;
const SLOT_SIZE = 4 * 1024 * 1024;
/** More than the thread has before it are hashed on the spot. */
const SLOTS = 3;

/** MD5 of received files: of small ones on the spot, of larger ones in a thread while the next are received. */
export class Md5 {
  private readonly memory = new SharedArrayBuffer(SLOTS * SLOT_SIZE);
  private readonly free = Array.from({ length: SLOTS }, (_, slot) => slot);
  private readonly waiting = new Map<number, Waiting>();
  private thread: Worker | undefined;

  /** The MD5 of all chunks together, in hex. */
  of(chunks: readonly Buffer[], size: number): Promise<string> {
    const slot = size >= WORTH_A_THREAD && size <= SLOT_SIZE ? this.free.pop() : undefined;
    if (slot === undefined) return Promise.resolve(md5Of(chunks));
    const bytes = new Uint8Array(this.memory, slot * SLOT_SIZE, size);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return new Promise<string>((resolve) => {
      this.waiting.set(slot, { chunks, resolve });
      this.thread ??= this.start();
      this.thread.postMessage({ slot, size } satisfies Md5Task);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private start(): Worker {
    const workerData: Md5ThreadData = { memory: this.memory, slotSize: SLOT_SIZE };
    const thread = new Worker(new URL('./md5-thread.js', import.meta.url), { workerData });
    thread.unref();
    thread.on('message', ({ slot, md5 }: Md5Answer) => this.answer(slot, md5));
    thread.on('error', () => undefined);
    thread.on('exit', () => this.ended());
    return thread;
  }

  private answer(slot: number, md5: string): void {
    const waiting = this.waiting.get(slot);
    this.waiting.delete(slot);
    this.free.push(slot);
    waiting?.resolve(md5);
  }

  /** What a thread that ended has left is done here; the next large file starts another one. */
  private ended(): void {
    this.thread = undefined;
    for (const [slot, { chunks }] of [...this.waiting]) this.answer(slot, md5Of(chunks));
  }
}

/** The MD5 of all chunks together, in hex. */
export function md5Of(chunks: readonly Buffer[]): string {
  const hash = createHash('md5');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
