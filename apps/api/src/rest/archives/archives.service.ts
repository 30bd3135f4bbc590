import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type DicomDictionary, IMPLEMENTATION_CLASS_UID } from '@annal/dicom';
import type { BlobStore, Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import {
  type ArchiveSeries,
  HeaderReader,
  readArchiveSeries,
  type StatementRunner,
  unknownIdentifiers,
} from '@annal/projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import { Gate } from '../../intake/gate.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { BLOB_STORE, CONFIGURATION, DICTIONARY, POOL } from '../../tokens.js';
import { Deflater } from '../../zip/deflater.js';
import { zipArchive } from '../../zip/zip-archive.js';
import type { ZipSource } from '../../zip/zip-source.js';
import { InstanceFileService } from '../instances/instance-file.service.js';
import { uidOf } from '../tools/generate-uid.controller.js';
import { archiveFiles, type ArchiveFile } from './archive-files.js';
import type { ArchiveOptions } from './archive-request.js';
import { type FileInArchive, storedFile, transcodedFile } from './file-in-archive.js';
import { mediaSources } from './media-sources.js';
import { madeBeforeSent } from './made-before-sent.js';

/** An archive's form: just the files, or a medium with a DICOMDIR. */
export type ArchiveKind = 'archive' | 'media';

/** An archive to be sent. */
export interface ArchiveAnswer {
  readonly stream: Readable;
  /** Bytes; undefined while it is still being made. */
  readonly size?: number;
}

/** What scripts know media by. */
const FILE_SET_ID = 'ORTHANC_MEDIA';
/** How many files are under way at once, where the configuration does not say. */
const FILES_AHEAD = 8;
/** So much of an archive may wait for its client, bytes. */
const SENT_AHEAD = 1024 * 1024;
const ANCESTORS = { Patient: 'patientId', Study: 'studyId', Series: 'seriesId' } as const;

/** Makes ZIP archives of resources while they are sent. */
@Injectable()
export class ArchivesService implements OnApplicationShutdown {
  private readonly deflater = new Deflater();
  private readonly gate: Gate;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(DICTIONARY) private readonly dictionary: DicomDictionary,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(HeaderReader) private readonly headers: HeaderReader,
    @Inject(InstanceFileService) private readonly files: InstanceFileService,
    @Inject(TranscodeService) private readonly transcoder: TranscodeService,
  ) {
    this.gate = new Gate(configuration.Annal.Limits.MaxConcurrentArchives);
  }

  /**
   * The archive of a patient, study or series.
   * @param gone aborted when the client hangs up, which ends the work
   * @throws OrthancError 404; 413
   */
  async ofResource(
    level: Exclude<Level, 'Instance'>,
    id: string,
    kind: ArchiveKind,
    options: ArchiveOptions,
    gone: AbortSignal,
  ): Promise<ArchiveAnswer> {
    const series = await readArchiveSeries(this.pool, [id]);
    if (series[0]?.[ANCESTORS[level]] !== id) {
      throw new OrthancError('InexistentItem', `Missing resource while creating an archive: ${id}`);
    }
    return this.make(series, [id], kind, options, gone);
  }

  /** As `ofResource`, of any resources, each of which goes in once. @throws OrthancError 404; 413 */
  async ofResources(
    ids: readonly string[],
    kind: ArchiveKind,
    options: ArchiveOptions,
    gone: AbortSignal,
  ): Promise<ArchiveAnswer> {
    this.check(ids.length);
    const unknown = await unknownIdentifiers(this.pool, ids);
    if (unknown.length > 0) throw new OrthancError('UnknownResource');
    return this.make(await readArchiveSeries(this.pool, ids), ids, kind, options, gone);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.deflater.close();
  }

  private async make(
    series: readonly ArchiveSeries[],
    ids: readonly string[],
    kind: ArchiveKind,
    options: ArchiveOptions,
    gone: AbortSignal,
  ): Promise<ArchiveAnswer> {
    this.check(series.reduce((sum, { instances }) => sum + instances, 0));
    const arrangement = { media: kind === 'media', utf8: options.utf8 };
    const files = archiveFiles(this.pool, series, ids, arrangement);
    const sources = kind === 'media' ? this.media(files, options) : this.plain(files, options);
    const chunks = this.inTurn(sources, gone);
    if (!this.configuration.SynchronousZipStream) return madeBeforeSent(chunks, this.blobs, gone);
    // what fails until here is answered as an error; afterwards the connection is all that can tell
    const first = await chunks.next();
    const stream = Readable.from(following(first, chunks), { objectMode: false, highWaterMark: SENT_AHEAD });
    // also of a stream that nobody has begun to read
    stream.once('close', () => void chunks.return());
    return { stream };
  }

  private async *inTurn(sources: AsyncIterable<ZipSource>, gone: AbortSignal): AsyncGenerator<Buffer, void> {
    const leave = await this.enter();
    try {
      // while it waited for its turn
      gone.throwIfAborted();
      const { Annal, ZipLoaderThreads } = this.configuration;
      yield* zipArchive(sources, {
        level: Annal.Archives.CompressionLevel,
        deflater: this.deflater,
        filesAhead: ZipLoaderThreads === 0 ? FILES_AHEAD : ZipLoaderThreads,
        modified: new Date(),
      });
    } finally {
      leave();
    }
  }

  private async *plain(files: AsyncIterable<ArchiveFile>, options: ArchiveOptions): AsyncGenerator<ZipSource, void> {
    for await (const file of files) yield this.file(file, options).source;
  }

  private media(files: AsyncIterable<ArchiveFile>, options: ArchiveOptions): AsyncIterable<ZipSource> {
    return mediaSources(files, this.headers, (file) => this.file(file, options), {
      dictionary: this.dictionary,
      fileSetId: FILE_SET_ID,
      instanceUid: uidOf(randomUUID()),
      implementationClassUid: IMPLEMENTATION_CLASS_UID,
      extended: options.extended,
      now: new Date(),
    });
  }

  private file(file: ArchiveFile, { transcoding }: ArchiveOptions): FileInArchive {
    return transcoding ? transcodedFile(file, transcoding, this.transcoder, this.files) : storedFile(file, this.files);
  }

  /** Waits for its turn; the function says that it is over. */
  private enter(): Promise<() => void> {
    return new Promise((entered) => {
      void this.gate.run(() => new Promise<void>((leave) => entered(leave)));
    });
  }

  /** @throws OrthancError 413 */
  private check(entries: number): void {
    const { MaxArchiveEntries: limit } = this.configuration.Annal.Limits;
    if (entries > limit) throw tooLarge(`an archive of ${limit} instances`);
  }
}

async function* following(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  if (!first.done) yield first.value;
  yield* rest;
}
