import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { Piscina } from 'piscina';
import { THREAD_IDLE_MS } from '../load/idle-threads.js';
import { Gate } from '../load/gate.js';
import { isWhole, release } from '../load/release.js';
import { type DeflateTask, deflateOptions } from './deflate-thread.js';

const MEMORY_MB = 64;
const deflateElsewhere = promisify(deflateRaw);

/** Deflates parts of files in threads, as many as there are cores; one of them stays when it has nothing to do. */
export class Deflater {
  private threads: Piscina<DeflateTask, Uint8Array<ArrayBuffer>> | undefined;
  private started = false;
  /** One part is ready for the next thread that is free; all others wait here, where they can be given up. */
  private readonly gate = new Gate(availableParallelism() + 1);

  /**
   * Raw deflate (RFC 1951) of a part of a file: the parts put together in order are the deflated file. Takes the bytes,
   * whose memory goes to a thread or is freed where they are all of it, and gives some that whoever asked may free.
   * @param level 1 to 9
   * @param last whether the file ends with it
   * @param abandoned what has not begun when it is aborted never does
   * @throws the signal's reason
   */
  part(bytes: Buffer, level: number, last: boolean, abandoned?: AbortSignal): Promise<Buffer> {
    return this.gate.run(async () => {
      abandoned?.throwIfAborted();
      return this.deflated(bytes, level, last);
    });
  }

  private async deflated(bytes: Buffer, level: number, last: boolean): Promise<Buffer> {
    this.threads ??= this.start();
    // nobody waits for threads to start: what comes before that is done in those that Node has
    if (!this.started) {
      const deflated = await deflateElsewhere(bytes, deflateOptions(bytes.length, level, last));
      release([bytes]);
      return deflated;
    }
    const own = isWhole(bytes) ? (bytes as Buffer<ArrayBuffer>) : new Uint8Array(bytes);
    const deflated = await this.threads.run({ bytes: own, level, last }, { transferList: [own.buffer] });
    return Buffer.from(deflated.buffer, deflated.byteOffset, deflated.byteLength);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.threads?.destroy();
  }

  private start(): Piscina<DeflateTask, Uint8Array<ArrayBuffer>> {
    const threads = new Piscina<DeflateTask, Uint8Array<ArrayBuffer>>({
      filename: new URL(`./deflate-thread${extname(import.meta.url)}`, import.meta.url).href,
      minThreads: 1,
      maxThreads: availableParallelism(),
      idleTimeout: THREAD_IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    // a thread that ends without a task is replaced by the next one
    threads.on('error', () => undefined);
    threads.run({ bytes: new Uint8Array(0), level: 1, last: true }).then(
      () => (this.started = true),
      () => undefined,
    );
    return threads;
  }
}
