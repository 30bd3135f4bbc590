import { BadMetadata, UnsupportedBulkData } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { THREAD_IDLE_MS } from '../../../load/idle-threads.js';
import { tooLarge } from '../../../http/errors/http-errors.js';
import { BeyondLimit } from '../../../intake/intake-errors.js';
import { threadFile } from '../../../thread-file.js';
import { CONFIGURATION } from '../../../tokens.js';
import type { BulkParts } from './bulk-parts.js';
import { type MadeFiles, madeFiles, type MakingFailure, type MetadataDocument } from './made-files.js';
import type { MetadataTask } from './metadata-thread.js';

/** Metadata up to this size are parsed on the spot, in some milliseconds; larger ones in a thread. */
export const ON_THE_SPOT = 256 * 1024;
/** Requests whose metadata are parsed at the same time. */
export const REQUESTS_AT_ONCE = 2;
const MEMORY_MB = 1024;

/** Makes DICOM files of metadata: of large ones in threads with a time limit. */
@Injectable()
export class FileMaker implements OnApplicationShutdown {
  private readonly threads = new Piscina<MetadataTask, MadeFiles>({
    filename: threadFile('dicomweb/stow/metadata/metadata-thread').href,
    minThreads: 0,
    maxThreads: REQUESTS_AT_ONCE,
    idleTimeout: THREAD_IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });

  constructor(@Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration) {
    // a thread that ends without a task is replaced by the next one
    this.threads.on('error', () => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.destroy();
  }

  /**
   * The files of a document, whose bytes are the maker's from then on.
   * @throws BeyondLimit for metadata that take too long, or too much memory
   */
  async make(document: MetadataDocument, bulk: BulkParts): Promise<MadeFiles> {
    const { MaxJsonDepth: depth, ParseTimeout: seconds } = this.configuration.Annal.Limits;
    if (document.bytes.length <= ON_THE_SPOT) return madeFiles(document, bulk, depth);
    const task = { ...document, bulk: bulk.shared(), depth };
    const transferList = [document.bytes.buffer as ArrayBuffer];
    try {
      return await this.threads.run(task, { signal: AbortSignal.timeout(seconds * 1000), transferList });
    } catch (error) {
      const { name, code } = error as NodeJS.ErrnoException;
      if (name === 'AbortError') throw new BeyondLimit(`${seconds} seconds to parse metadata`);
      if (code === 'ERR_WORKER_OUT_OF_MEMORY') throw new BeyondLimit(`${MEMORY_MB} MiB to parse metadata`);
      throw error;
    }
  }
}

/** What the failure of a file is thrown as. */
export function errorOf(failure: MakingFailure, depth: number): Error {
  if (failure.failure === 'depth') return tooLarge(`JSON nested ${depth} levels`);
  return failure.failure === 'bad'
    ? new BadMetadata(failure.message, failure)
    : new UnsupportedBulkData(failure.message);
}
