import { PixelDataError, type ShownFrame } from '@annal/dicom';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { THREAD_IDLE_MS } from '../load/idle-threads.js';
import { OrthancError } from '../http/errors/http-errors.js';
import { CONFIGURATION } from '../tokens.js';
import type { ThreadOutcome, ThreadTask } from './render-thread.js';
import { ON_THE_SPOT } from './on-the-spot.js';
import { render, type RenderResults, type RenderTask } from './render-work.js';
import { threadFile } from '../thread-file.js';

const THREADS = 2;
const MEMORY_MB = 1024;

/** Makes pictures and numbers of decoded frames, of large ones in threads with a time limit. */
@Injectable()
export class FrameRenderer implements OnApplicationShutdown {
  private readonly timeout: number;
  private readonly threads = new Piscina<ThreadTask, ThreadOutcome>({
    filename: threadFile('pixels/render-thread').href,
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: THREAD_IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  }).on('error', () => undefined);

  constructor(@Inject(CONFIGURATION) { Annal }: AnnalConfiguration) {
    this.timeout = Annal.Limits.DecodeTimeout;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.destroy();
  }

  /**
   * @param added samples that the result has beyond those of the frame
   * @throws PixelDataError where the frame is none for this, or it takes too long; OrthancError 500 when a thread broke down
   */
  async make<T extends RenderTask>(shown: ShownFrame, task: T, added = 0): Promise<RenderResults[T['make']]> {
    const { rows, columns, samplesPerPixel } = shown.frame;
    if (rows * columns * samplesPerPixel + added <= ON_THE_SPOT) return render(shown, task) as RenderResults[T['make']];
    const outcome = await this.inThread({ shown, task });
    if ('failure' in outcome) throw new PixelDataError(outcome.failure, outcome.message);
    return ownResult(outcome.result) as RenderResults[T['make']];
  }

  private async inThread(task: ThreadTask): Promise<ThreadOutcome> {
    try {
      return await this.threads.run(task, { signal: AbortSignal.timeout(this.timeout * 1000) });
    } catch (error) {
      if ((error as Error).name === 'AbortError') {
        throw new PixelDataError('limit', `${this.timeout} seconds to render a frame`);
      }
      throw new OrthancError('InternalError', 'A frame could not be rendered');
    }
  }
}

/** What a thread sent, its arrays made again: where code has a global object of its own, they are of other classes. */
function ownResult(result: RenderResults[keyof RenderResults]): RenderResults[keyof RenderResults] {
  return 'data' in result ? { ...result, data: own(result.data) } : (own(result) as Uint8Array);
}

function own({ buffer, byteOffset, length, BYTES_PER_ELEMENT }: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  const wide = BYTES_PER_ELEMENT === Uint16Array.BYTES_PER_ELEMENT;
  return wide ? new Uint16Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
}
