import { type DecodedFrame } from '@annal/dicom';
import { Piscina } from 'piscina';
import { OrthancError } from '../http/errors/http-errors.js';
import { type DecodeOutcome, type DecodeTask } from './decode-thread.js';
import { FrameError } from './frame-error.js';
import { threadFile } from './thread-file.js';

const IDLE_MS = 10_000;
const MEMORY_MB = 1024;

/** Decodes frames in threads with a time limit. */
export class FrameDecoder {
  private readonly threads: Piscina<DecodeTask, DecodeOutcome>;

  /** @param timeout seconds that a thread may take for one frame */
  constructor(
    private readonly timeout: number,
    maxThreads: number,
  ) {
    this.threads = new Piscina<DecodeTask, DecodeOutcome>({
      filename: threadFile('decode-thread').href,
      minThreads: 0,
      maxThreads,
      idleTimeout: IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    // a thread that ends without a task is replaced by the next one
    this.threads.on('error', () => undefined);
  }

  /** @throws FrameError, OrthancError 500 when a thread broke down */
  async decode(task: DecodeTask): Promise<DecodedFrame> {
    const outcome = await this.threads
      .run(task, { signal: AbortSignal.timeout(this.timeout * 1000) })
      .catch((error: Error) => {
        if (error.name === 'AbortError') throw new FrameError('limit', `${this.timeout} seconds to decode a frame`);
        throw new OrthancError('InternalError', 'A frame could not be decoded');
      });
    if ('failure' in outcome) throw new FrameError(outcome.failure, outcome.message);
    const { data } = outcome.frame;
    return { ...outcome.frame, data: Buffer.from(data.buffer, data.byteOffset, data.length) };
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.threads.destroy();
  }
}
