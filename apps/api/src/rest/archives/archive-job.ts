import { Readable } from 'node:stream';
import { BlobMissing, type BlobStore, type BlobWriter, type Job, type JobJson, type JobObject } from '@annal/domain';
import type { Download } from '../../exports/export-trace.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { JobOutput, JobType, StepContext, StepDone } from '../../jobs/job-type.js';
import type { ZipPart } from '../../zip/zip-archive.js';
import { endOfArchive } from '../../zip/zip-records.js';
import { beginning, type Place } from './archive-files.js';
import { type ArchiveOrder, archiveContent } from './archive-order.js';
import type { ArchiveKind, ArchivesService, PartBounds } from './archives.service.js';

/** A blob with some entries of an archive, and behind them what the archive's directory says of these. */
interface Part {
  readonly key: string;
  /** Bytes of entries. */
  readonly data: number;
  /** Bytes of the directory. */
  readonly directory: number;
}

/** What is made so far. */
interface Made {
  /** Of the next file. */
  readonly place: Place;
  readonly parts: readonly Part[];
  readonly entries: number;
}

/** An archive to be downloaded. */
interface Output extends Omit<Made, 'place'> {
  readonly filename: string;
}

/** What one step takes: a second or a few of work. */
const STEP: PartBounds = { files: 500, bytes: 128 * 1024 * 1024 };
/** Gathered before they are written, bytes. */
const WRITTEN_AT_ONCE = 1024 * 1024;

/**
 * Makes a ZIP archive some files at a time: each step leaves a blob with their entries and their part of the directory. A
 * download sends the entries of all parts, then the directories, then the end: nothing is copied together.
 */
export class ArchiveJob implements JobType {
  readonly cannotResubmit = 'Cannot resubmit the creation of an archive';

  /**
   * @param limit of the archive's size, bytes
   * @param bounds of a step
   */
  constructor(
    readonly name: string,
    private readonly kind: ArchiveKind,
    private readonly archives: ArchivesService,
    private readonly blobs: BlobStore,
    private readonly limit: number,
    private readonly bounds: PartBounds = STEP,
  ) {}

  async step(job: Job, { signal }: StepContext): Promise<StepDone> {
    const order = job.parameters as unknown as ArchiveOrder;
    const made = (job.memory as Made | null) ?? { place: beginning(), parts: [], entries: 0 };
    const offset = sum(made.parts, 'data');
    const next = await this.archives.partOf(order, this.kind, made.place, offset, this.bounds, signal);
    const part = await this.keep(next.chunks, offset, signal);
    const parts = part ? [...made.parts, part.kept] : made.parts;
    const { place, done } = next.reached();
    const now: Made = { place, parts, entries: made.entries + (part?.entries ?? 0) };
    const output: Output = { filename: order.filename, parts, entries: now.entries };
    return {
      memory: done ? null : (now as unknown as JobJson),
      content: archiveContent(order, done ? sizeOf(output) : sum(parts, 'data')),
      progress: done ? 1 : place.count / Math.max(1, order.instances),
      blobs: part ? [part.kept.key] : [],
      ...(done && { outputs: { archive: output as unknown as JobObject } }),
    };
  }

  async isOutdated(job: Job): Promise<boolean> {
    return (await this.archives.seriesIn(job.parameters as unknown as ArchiveOrder)) === undefined;
  }

  traced(job: Job): Download {
    const { ids: resources, instances, asOf } = job.parameters as unknown as ArchiveOrder;
    return { protocol: this.kind, resources, instances, asOf };
  }

  async open(output: JobObject): Promise<JobOutput> {
    const archive = output as unknown as Output;
    const stream = Readable.from(this.chunksOf(archive), { objectMode: false });
    return { stream, size: sizeOf(archive), mediaType: 'application/zip', filename: archive.filename };
  }

  private async *chunksOf({ parts, entries }: Output): AsyncGenerator<Buffer, void> {
    for (const { key, data } of parts) yield* (await this.blobs.stream(key, 0, data)) as AsyncIterable<Buffer>;
    for (const { key, data, directory } of parts) {
      yield* (await this.blobs.stream(key, data, data + directory)) as AsyncIterable<Buffer>;
    }
    yield endOfArchive(entries, sum(parts, 'data'), sum(parts, 'directory'));
  }

  /** Writes a part; undefined where there is nothing in it. What is not kept leaves nothing. */
  private async keep(
    chunks: AsyncGenerator<Buffer, ZipPart>,
    offset: number,
    signal: AbortSignal,
  ): Promise<{ readonly kept: Part; readonly entries: number } | undefined> {
    const key = this.blobs.newKey();
    let writer: BlobWriter | undefined;
    try {
      writer = await this.blobs.create(key);
      let data = 0;
      let waiting: Buffer[] = [];
      let bytes = 0;
      for (;;) {
        const chunk = await chunks.next();
        signal.throwIfAborted();
        if (chunk.done) {
          const { entries, directory } = chunk.value;
          if (entries === 0) {
            await writer.abort();
            return undefined;
          }
          await writer.write([...waiting, ...directory]);
          await writer.commit();
          return { kept: { key, data, directory: lengthOf(directory) }, entries };
        }
        data += chunk.value.length;
        bytes += chunk.value.length;
        if (offset + data > this.limit)
          throw new OrthancError('FullStorage', 'The archive is larger than jobs may make');
        waiting.push(chunk.value);
        if (bytes < WRITTEN_AT_ONCE) continue;
        await writer.write(waiting);
        waiting = [];
        bytes = 0;
      }
    } catch (error) {
      await chunks.return(undefined as never);
      await writer?.abort();
      if (error instanceof BlobMissing) throw new OrthancError('InexistentFile', 'A file to be archived is lost');
      throw error;
    }
  }
}

/** Bytes of an archive. */
function sizeOf({ parts, entries }: Output): number {
  const [data, directory] = [sum(parts, 'data'), sum(parts, 'directory')];
  return data + directory + endOfArchive(entries, data, directory).length;
}

function sum(parts: readonly Part[], field: 'data' | 'directory'): number {
  return parts.reduce((total, part) => total + part[field], 0);
}

function lengthOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((total, chunk) => total + chunk.length, 0);
}
