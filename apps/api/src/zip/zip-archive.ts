import { crc32 } from 'node:zlib';
import { ByteList } from './byte-list.js';
import { endOfParts, type EntryData, inParts, packPart, packWhole, type Packing, PART_SIZE } from './parts.js';
import { readAhead } from './read-ahead.js';
import {
  centralHeader,
  dataDescriptor,
  endOfArchive,
  type EntryRecord,
  localHeader,
  needsZip64,
} from './zip-records.js';
import type { FileInPieces, ZipSource } from './zip-source.js';

/** How an archive is made. */
export interface ZipOptions extends Omit<Packing, 'abandoned'> {
  /** How many files are read and deflated before they are sent. */
  readonly filesAhead: number;
  /** The time that all entries have. */
  readonly modified: Date;
}

/** So much of files may wait to be sent, bytes before they are deflated. */
const BYTES_AHEAD = 16 * PART_SIZE;
/** Headers are sent together with data up to this size. */
const SMALL = 64 * 1024;

/** A step on the way of an entry: a whole one, or the beginning, a part and the end of a larger one. */
type Step = { readonly bytes: number } & (
  | { readonly kind: 'whole'; readonly source: ZipSource; readonly packed: Promise<EntryData> }
  | { readonly kind: 'start'; readonly name: string; readonly expected: number }
  | { readonly kind: 'part'; readonly packed: Promise<readonly Buffer[]> }
  | { readonly kind: 'end'; readonly crc: number; readonly size: number }
);

/**
 * A ZIP archive as it is being made (PKWARE APPNOTE 6.3.10), in the form for large ones where that is needed. Files are
 * read and deflated ahead, each once, several at a time; memory is bounded whatever their sizes. Whoever stops reading
 * stops the work. An error ends it without a directory, so that what was sent is no archive.
 */
export async function* zipArchive(
  sources: AsyncIterable<ZipSource>,
  options: ZipOptions,
): AsyncGenerator<Buffer, void> {
  const { entries, end, directory } = yield* zipPart(sources, options, 0);
  yield* directory;
  yield endOfArchive(
    entries,
    end,
    directory.reduce((sum, { length }) => sum + length, 0),
  );
}

/** Some entries of an archive, without its directory. */
export interface ZipPart {
  readonly entries: number;
  /** Where the next entry begins. */
  readonly end: number;
  /** What the directory has to say of these entries. */
  readonly directory: readonly Buffer[];
}

/** As {@link zipArchive}, but for the directory and the end. @param offset where in the archive the first entry begins */
export async function* zipPart(
  sources: AsyncIterable<ZipSource>,
  options: ZipOptions,
  offset: number,
): AsyncGenerator<Buffer, ZipPart> {
  const writer = new ArchiveWriter(options.modified, offset);
  const ending = new AbortController();
  let begun = false;
  // until something is sent nothing else takes the processor's time from the first file
  const hasRoom = (waiting: readonly Step[]): boolean =>
    waiting.length < (begun ? options.filesAhead : 1) &&
    waiting.reduce((sum, { bytes }) => sum + bytes, 0) < BYTES_AHEAD;
  try {
    for await (const step of readAhead(steps(sources, { ...options, abandoned: ending.signal }), hasRoom)) {
      if (step.kind === 'whole') yield* writer.whole(step.source, await step.packed);
      else if (step.kind === 'start') yield writer.start(step.name, step.expected);
      else if (step.kind === 'part') yield* writer.part(await step.packed);
      else yield* writer.end(step.crc, step.size);
      begun = true;
    }
    return writer.made;
  } finally {
    ending.abort();
  }
}

/** Starts the work on one file after the other, without waiting for what is small to be done. */
async function* steps(sources: AsyncIterable<ZipSource>, packing: Packing): AsyncGenerator<Step, void> {
  for await (const source of sources) {
    const opened = source.open();
    if (source.size !== undefined && source.size <= PART_SIZE) yield wholeStep(source, source.size, opened, packing);
    else yield* stepsOf(source, await opened, packing);
  }
}

async function* stepsOf(source: ZipSource, file: Buffer | FileInPieces, packing: Packing): AsyncGenerator<Step, void> {
  if (Buffer.isBuffer(file)) {
    yield wholeStep(source, file.length, file, packing);
    return;
  }
  let crc = 0;
  let size = 0;
  for await (const part of inParts(file.pieces)) {
    // a file that ends with its first part is none of those that need more
    if (size === 0 && part.length < PART_SIZE) {
      yield wholeStep(source, part.length, part, packing);
      return;
    }
    if (size === 0) yield { kind: 'start', bytes: 0, name: source.name, expected: file.size };
    crc = crc32(part, crc);
    size += part.length;
    yield { kind: 'part', bytes: part.length, packed: quiet(packPart(part, packing)) };
  }
  if (size === 0) yield wholeStep(source, 0, Buffer.alloc(0), packing);
  else yield { kind: 'end', bytes: 0, crc, size };
}

function wholeStep(
  source: ZipSource,
  bytes: number,
  file: Buffer | Promise<Buffer | FileInPieces>,
  packing: Packing,
): Step {
  const pack = async (): Promise<EntryData> => packWhole(await inOnePiece(await file), packing);
  return { kind: 'whole', source, bytes, packed: quiet(pack()) };
}

async function inOnePiece(file: Buffer | FileInPieces): Promise<Buffer> {
  if (Buffer.isBuffer(file)) return file;
  const chunks: Buffer[] = [];
  for await (const piece of file.pieces) chunks.push(piece);
  return Buffer.concat(chunks);
}

/** An error is thrown where the result is looked at, and nowhere if it never is. */
function quiet<T>(result: Promise<T>): Promise<T> {
  result.catch(() => undefined);
  return result;
}

/** Writes entries one after the other and keeps what the directory says of them. */
class ArchiveWriter {
  private readonly directory = new ByteList();
  private entries = 0;
  private open: Omit<EntryRecord, 'crc' | 'size' | 'compressedSize'> | undefined;
  private packedSize = 0;

  constructor(
    private readonly modified: Date,
    private offset: number,
  ) {}

  /** An entry whose data are all there. */
  *whole({ name }: ZipSource, { data, ...facts }: EntryData): Generator<Buffer, void> {
    const zip64 = needsZip64(facts.size);
    const entry: EntryRecord = { ...this.named(name), ...facts, zip64, streamed: false };
    const header = localHeader(entry);
    this.note(entry, header.length + entry.compressedSize);
    if (entry.compressedSize <= SMALL) yield Buffer.concat([header, ...data]);
    else yield* [header, ...data];
  }

  /** An entry whose data follow. */
  start(name: string, size: number): Buffer {
    this.open = { ...this.named(name), method: 8, streamed: true, zip64: needsZip64(size) };
    this.packedSize = 0;
    return localHeader({ ...this.open, crc: 0, size: 0, compressedSize: 0 });
  }

  *part(data: readonly Buffer[]): Generator<Buffer, void> {
    for (const bytes of data) this.packedSize += bytes.length;
    yield* data;
  }

  *end(crc: number, size: number): Generator<Buffer, void> {
    const last = endOfParts();
    yield* this.part(last);
    const entry: EntryRecord = { ...this.open!, crc, size, compressedSize: this.packedSize };
    const descriptor = dataDescriptor(entry);
    this.note(entry, localHeader(entry).length + this.packedSize + descriptor.length);
    yield descriptor;
  }

  /** What was written. */
  get made(): ZipPart {
    return { entries: this.entries, end: this.offset, directory: [...this.directory.blocks()] };
  }

  private named(name: string): Pick<EntryRecord, 'name' | 'utf8' | 'modified' | 'offset'> {
    const bytes = Buffer.from(name);
    return { name: bytes, utf8: bytes.length !== name.length, modified: this.modified, offset: this.offset };
  }

  private note(entry: EntryRecord, length: number): void {
    this.directory.add(centralHeader(entry));
    this.entries++;
    this.offset += length;
  }
}
