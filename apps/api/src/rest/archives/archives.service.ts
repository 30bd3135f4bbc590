import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { type DicomDictionary, IMPLEMENTATION_CLASS_UID } from '@annal/dicom';
import type { BlobStore, Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import {
  type ArchiveSeries,
  HeaderReader,
  readArchiveSeries,
  readArchiveTotals,
  type StatementRunner,
  unknownIdentifiers,
} from '@annal/projections';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { begun } from '../../http/answers/begun.js';
import { OrthancError, tooLarge } from '../../http/errors/http-errors.js';
import { Gate } from '../../load/gate.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { BLOB_STORE, CONFIGURATION, DICTIONARY, POOL } from '../../tokens.js';
import { Deflater } from '../../zip/deflater.js';
import { zipArchive, type ZipOptions, type ZipPart, zipPart } from '../../zip/zip-archive.js';
import type { ZipSource } from '../../zip/zip-source.js';
import { InstanceFileService } from '../instances/instance-file.service.js';
import { uidOf } from '../tools/generate-uid.controller.js';
import { archiveFiles, type ArchiveFile, type Place } from './archive-files.js';
import type { ArchiveOrder } from './archive-order.js';
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
  /** How many are in it. */
  readonly instances: number;
}

/** How many files are taken at once. */
export interface PartBounds {
  readonly files: number;
  /** Of files, as they are stored. */
  readonly bytes: number;
}

/** What scripts know media by. */
const FILE_SET_ID = 'ORTHANC_MEDIA';
/** How many files are under way at once, where the configuration does not say: one is read, one sent, the others are deflated. */
const FILES_AHEAD = availableParallelism() + 2;
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
    return this.make(await this.seriesOf(level, id), [id], kind, options, gone);
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

  /** What a job is to make, once it is checked. @param level of the resource, where it is one alone. @throws OrthancError 404; 413 */
  async order(
    level: Exclude<Level, 'Instance'> | undefined,
    ids: readonly string[],
    options: ArchiveOptions,
  ): Promise<ArchiveOrder> {
    const { MaxJobResources } = this.configuration.Annal.Limits;
    if (ids.length > MaxJobResources) throw tooLarge(`${MaxJobResources} resources in a request for a job`);
    if (level === undefined) {
      if ((await unknownIdentifiers(this.pool, ids)).length > 0) throw new OrthancError('UnknownResource');
    } else await this.seriesOf(level, ids[0]!);
    const totals = await readArchiveTotals(this.pool, ids);
    this.check(totals.instances);
    return { ...options, ...totals, ids };
  }

  /**
   * The next files of an archive that a job makes, and how far they reach once they were read.
   * @param offset where in the archive they begin
   * @throws OrthancError 404 when there is less than there was at first
   */
  async partOf(
    order: ArchiveOrder,
    kind: ArchiveKind,
    place: Place,
    offset: number,
    bounds: PartBounds,
    signal: AbortSignal,
  ): Promise<{
    readonly chunks: AsyncGenerator<Buffer, ZipPart>;
    reached(): { readonly place: Place; readonly done: boolean };
  }> {
    const { ids, asOf, instances } = order;
    const series = await this.seriesIn(order);
    if (!series) throw new OrthancError('InexistentItem', 'Deleted while it was archived');
    const arrangement = { media: kind === 'media', utf8: order.utf8, seriesAlone: order.seriesAlone, asOf };
    const all = (from?: Place): AsyncGenerator<ArchiveFile, void> =>
      archiveFiles(this.pool, series, ids, arrangement, from);
    let reached = place;
    // what files become on their way is not known to a later step, which the directory of a medium would need
    const inOne = kind === 'media' && order.transcoding !== undefined;
    const { files: count, bytes } = inOne ? { files: Infinity, bytes: Infinity } : bounds;
    const files = some(all(place), count, bytes, (next) => (reached = next));
    const isEnd = (): boolean => reached.count >= instances;
    const sources = async function* (this: ArchivesService): AsyncGenerator<ZipSource, void> {
      if (inOne) yield* this.media(files, order, signal);
      else yield* this.plain(files, order, signal);
      if (kind === 'media' && !inOne && isEnd()) yield* lastOf(this.media(all(), order, signal));
    };
    return {
      chunks: this.zip((options) => zipPart(sources.call(this), options, offset), signal),
      reached: () => ({ place: reached, done: isEnd() }),
    };
  }

  /** The series that a job was asked for; undefined where something of them was deleted since. */
  async seriesIn(order: ArchiveOrder): Promise<readonly ArchiveSeries[] | undefined> {
    const series = await readArchiveSeries(this.pool, order.ids, order.asOf);
    const instances = series.reduce((sum, one) => sum + one.instances, 0);
    return series.length < order.series || instances < order.instances ? undefined : series;
  }

  /** Bytes of an archive, once it is their turn. @param gone aborted when nobody waits for them any more */
  async *zip<R>(
    made: (options: ZipOptions) => AsyncGenerator<Buffer, R>,
    gone: AbortSignal,
  ): AsyncGenerator<Buffer, R> {
    const leave = await this.enter(gone);
    try {
      const { Annal, ZipLoaderThreads } = this.configuration;
      return yield* made({
        level: Annal.Archives.CompressionLevel,
        deflater: this.deflater,
        filesAhead: ZipLoaderThreads === 0 ? FILES_AHEAD : ZipLoaderThreads,
        modified: new Date(),
      });
    } finally {
      leave();
    }
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
    const instances = series.reduce((sum, one) => sum + one.instances, 0);
    this.check(instances);
    const arrangement = { media: kind === 'media', utf8: options.utf8, seriesAlone: options.seriesAlone };
    const files = archiveFiles(this.pool, series, ids, arrangement);
    const sources = kind === 'media' ? this.media(files, options, gone) : this.plain(files, options, gone);
    const chunks = this.zip((how) => zipArchive(sources, how), gone);
    if (!this.configuration.SynchronousZipStream)
      return { ...(await madeBeforeSent(chunks, this.blobs, gone)), instances };
    const stream = Readable.from(await begun(chunks), { objectMode: false, highWaterMark: SENT_AHEAD });
    // also of a stream that nobody has begun to read
    stream.once('close', () => void chunks.return());
    return { stream, instances };
  }

  /** @throws OrthancError 404 */
  private async seriesOf(level: Exclude<Level, 'Instance'>, id: string): Promise<readonly ArchiveSeries[]> {
    const series = await readArchiveSeries(this.pool, [id]);
    if (series[0]?.[ANCESTORS[level]] === id) return series;
    throw new OrthancError('InexistentItem', `Missing resource while creating an archive: ${id}`);
  }

  private async *plain(
    files: AsyncIterable<ArchiveFile>,
    options: ArchiveOptions,
    gone: AbortSignal,
  ): AsyncGenerator<ZipSource, void> {
    for await (const file of files) yield this.file(file, options, gone).source;
  }

  private media(
    files: AsyncIterable<ArchiveFile>,
    options: ArchiveOptions,
    gone: AbortSignal,
  ): AsyncIterable<ZipSource> {
    return mediaSources(files, this.headers, (file) => this.file(file, options, gone), {
      dictionary: this.dictionary,
      fileSetId: FILE_SET_ID,
      instanceUid: uidOf(randomUUID()),
      implementationClassUid: IMPLEMENTATION_CLASS_UID,
      extended: options.extended,
      now: new Date(),
    });
  }

  private file(file: ArchiveFile, { transcoding }: ArchiveOptions, gone: AbortSignal): FileInArchive {
    return transcoding
      ? transcodedFile(file, transcoding, this.transcoder, this.files, gone)
      : storedFile(file, this.files);
  }

  /** Waits for its turn; the function says that it is over. @throws the reason of the signal, as soon as that is given */
  private enter(gone: AbortSignal): Promise<() => void> {
    return new Promise((entered, reject) => {
      const giveUp = (): void => reject(gone.reason as Error);
      gone.addEventListener('abort', giveUp, { once: true });
      void this.gate.run(async () => {
        gone.removeEventListener('abort', giveUp);
        if (gone.aborted) return giveUp();
        await new Promise<void>((leave) => entered(leave));
      });
    });
  }

  /** @throws OrthancError 413 */
  private check(entries: number): void {
    const { MaxArchiveEntries: limit } = this.configuration.Annal.Limits;
    if (entries > limit) throw tooLarge(`an archive of ${limit} instances`);
  }
}

/** The files up to a number and size, one at least; says where each next one is. */
async function* some(
  files: AsyncIterable<ArchiveFile>,
  count: number,
  bytes: number,
  reach: (next: Place) => void,
): AsyncGenerator<ArchiveFile, void> {
  let [taken, size] = [0, 0];
  for await (const file of files) {
    reach(file.next);
    yield file;
    taken += 1;
    size += file.instance.size;
    if (taken >= count || size >= bytes) return;
  }
}

async function* lastOf<T>(items: AsyncIterable<T>): AsyncGenerator<T, void> {
  let last: { readonly item: T } | undefined;
  for await (const item of items) last = { item };
  if (last) yield last.item;
}
