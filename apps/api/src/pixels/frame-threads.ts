import { type DecodedFrame, type EncodedFrame } from '@annal/dicom';
import { Piscina } from 'piscina';
import { THREAD_IDLE_MS } from '../load/idle-threads.js';
import { isWhole } from '../load/release.js';
import { OrthancError } from '../http/errors/http-errors.js';
import { type DecodeOutcome, type DecodeTask, type Failure } from './decode-thread.js';
import { FrameError } from './frame-error.js';
import { threadFile } from '../thread-file.js';
import { type TranscodeOutcome, type TranscodeTask } from './transcode-thread.js';

const MEMORY_MB = 1024;

/** Threads for frames, each with a time limit for one frame. */
class FrameThreads<T extends { readonly bytes: Uint8Array }, R> {
  private readonly threads: Piscina<T, R | Failure>;

  /**
   * @param name of the thread's file
   * @param timeout seconds that a thread may take for one frame
   */
  constructor(
    name: string,
    private readonly timeout: number,
    maxThreads: number,
  ) {
    this.threads = new Piscina<T, R | Failure>({
      filename: threadFile(`pixels/${name}`).href,
      minThreads: 0,
      maxThreads,
      idleTimeout: THREAD_IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    // a thread that ends without a task is replaced by the next one
    this.threads.on('error', () => undefined);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.threads.destroy();
  }

  /** Takes the task's bytes, whose memory goes to the thread. @throws FrameError, OrthancError 500 when a thread broke down */
  protected async run(task: T): Promise<R> {
    const transferList = isWhole(task.bytes) ? [task.bytes.buffer as ArrayBuffer] : [];
    const outcome = await this.threads
      .run(task, { signal: AbortSignal.timeout(this.timeout * 1000), transferList })
      .catch((error: Error) => {
        if (error.name === 'AbortError') throw new FrameError('limit', `${this.timeout} seconds for a frame`);
        throw new OrthancError('InternalError', 'A frame could not be decoded or encoded');
      });
    if (isFailure(outcome)) throw new FrameError(outcome.failure, outcome.message);
    return outcome;
  }
}

function isFailure(outcome: unknown): outcome is Failure {
  return typeof outcome === 'object' && outcome !== null && 'failure' in outcome;
}

function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** Decodes frames in threads. */
export class FrameDecoder extends FrameThreads<DecodeTask, Exclude<DecodeOutcome, Failure>> {
  constructor(timeout: number, maxThreads: number) {
    super('decode-thread', timeout, maxThreads);
  }

  /** @throws FrameError, OrthancError 500 when a thread broke down */
  async decode(task: DecodeTask): Promise<DecodedFrame> {
    const { frame } = await this.run(task);
    return { ...frame, data: bufferOf(frame.data) };
  }
}

/** Puts frames into other transfer syntaxes in threads. */
export class FrameTranscoder extends FrameThreads<TranscodeTask, Exclude<TranscodeOutcome, Failure>> {
  constructor(timeout: number, maxThreads: number) {
    super('transcode-thread', timeout, maxThreads);
  }

  /** @throws FrameError, OrthancError 500 when a thread broke down */
  async transcode(task: TranscodeTask): Promise<EncodedFrame> {
    const { frame } = await this.run(task);
    return { ...frame, bytes: bufferOf(frame.bytes) };
  }
}
