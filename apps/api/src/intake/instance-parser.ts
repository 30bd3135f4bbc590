import type { DictionaryOptions, ExtraMainDicomTags, TokenizerLimits } from '@annal/dicom';
import {
  type FileHead,
  isLimit,
  MissingIdentifier,
  NotDicom,
  type ParseContext,
  type ParsedInstance,
  parseInstance,
} from '@annal/projections';
import { Piscina } from 'piscina';
import { THREAD_IDLE_MS } from '../load/idle-threads.js';
import { threadFile } from '../thread-file.js';
import { BeyondLimit } from './intake-errors.js';
import type { ParseOutcome, ParseTask, ParseThreadData } from './parse-thread.js';

/** What is parsed on the spot: some milliseconds at most. Anything larger goes to a thread. */
const ON_THE_SPOT = { maxElements: 20_000, maxInflatedSize: 4 * 1024 * 1024 } as const;
const HEAD_ON_THE_SPOT = 8 * 1024 * 1024;
const THREADS = 2;
const MEMORY_MB = 1024;

/** Parses uploads: the usual ones at once, large headers and deflated data sets in threads with a time limit. */
export class InstanceParser {
  private readonly threads: Piscina<ParseTask, ParseOutcome>;
  private readonly quickLimits: Partial<TokenizerLimits>;

  /** @param timeout ms that a thread may take for one file */
  constructor(
    private readonly context: Omit<ParseContext, 'defaultEncoding'>,
    dictionary: DictionaryOptions,
    extraMainTags: ExtraMainDicomTags,
    private readonly timeout: number,
  ) {
    const { limits } = context;
    this.quickLimits = {
      ...limits,
      maxElements: Math.min(ON_THE_SPOT.maxElements, limits.maxElements ?? Infinity),
      maxInflatedSize: Math.min(ON_THE_SPOT.maxInflatedSize, limits.maxInflatedSize ?? Infinity),
    };
    const workerData: ParseThreadData = { dictionary, extraMainTags };
    this.threads = new Piscina<ParseTask, ParseOutcome>({
      filename: threadFile('intake/parse-thread').href,
      minThreads: 0,
      maxThreads: THREADS,
      idleTimeout: THREAD_IDLE_MS,
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    // a thread that ends without a task is replaced by the next one
    this.threads.on('error', () => undefined);
  }

  /**
   * See `parseInstance`.
   * @throws NotDicom, MissingIdentifier, BeyondLimit
   */
  async parse(source: FileHead, defaultEncoding: string): Promise<ParsedInstance | undefined> {
    if (source.head.length > HEAD_ON_THE_SPOT) return this.inThread(source, defaultEncoding);
    try {
      return parseInstance(source, { ...this.context, limits: this.quickLimits, defaultEncoding });
    } catch (error) {
      if (!isLimit(error)) throw error;
      return this.inThread(source, defaultEncoding);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.threads.destroy();
  }

  private async inThread(source: FileHead, defaultEncoding: string): Promise<ParsedInstance | undefined> {
    const task: ParseTask = { source, defaultEncoding, limits: this.context.limits };
    const outcome = await this.threads
      .run(task, { signal: AbortSignal.timeout(this.timeout) })
      .catch((error: Error) => {
        if (error.name === 'AbortError') throw new BeyondLimit(`${this.timeout / 1000} seconds to parse a DICOM file`);
        throw error;
      });
    if ('parsed' in outcome) return revive(outcome.parsed);
    if (outcome.failure === 'MissingIdentifier') throw new MissingIdentifier(outcome.message, outcome.claimed);
    if (outcome.failure === 'limit') throw new BeyondLimit(outcome.message);
    throw new NotDicom(outcome.message);
  }
}

/** Buffers arrive from a thread as plain byte arrays. */
function revive(parsed: ParsedInstance | undefined): ParsedInstance | undefined {
  if (!parsed) return undefined;
  const { header } = parsed.instance;
  return {
    ...parsed,
    instance: { ...parsed.instance, header: Buffer.from(header.buffer, header.byteOffset, header.length) },
  };
}
