import { BadMetadata, type BodyPart, MalformedMultipart, type MultipartReader } from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { HttpError, tooLarge } from '../../../http/errors/http-errors.js';
import { Gate } from '../../../load/gate.js';
import { CONFIGURATION } from '../../../tokens.js';
import { partType, type PayloadType } from '../stow-media-types.js';
import type { StowOutcome } from '../stow-outcome.js';
import { BulkParts } from './bulk-parts.js';
import { BulkSpool, type Spooled } from './bulk-spool.js';
import { errorOf, FileMaker, ON_THE_SPOT, REQUESTS_AT_ONCE } from './file-maker.js';
import type { MadeFiles, MadePiece, MetadataForm } from './made-files.js';

const METADATA: Readonly<Record<string, readonly string[]>> = {
  'application/dicom+json': ['application/dicom+json', 'application/json'],
  'application/dicom+xml': ['application/dicom+xml', 'application/xml', 'text/xml'],
};
/** Bytes that are handed on at once. */
const AT_ONCE = 256 * 1024;

type Stores = (file: AsyncIterable<Buffer>) => Promise<StowOutcome>;
type Fails = (error: unknown) => StowOutcome;

/** Metadata that wait for the end of the request: small ones in memory, others in its temporary file. */
interface Document {
  readonly form: MetadataForm;
  readonly content: Buffer | Spooled;
}

/** What a request brings. */
interface Request {
  readonly payload: PayloadType;
  readonly spool: BulkSpool;
  readonly documents: Document[];
  readonly bulk: BulkParts;
  readonly failed: StowOutcome[];
  /** Bytes of metadata that may still come. */
  budget: number;
}

/** Stores instances that come as metadata with their bulk data beside them (PS3.18 section 10.5.1.1.2). */
@Injectable()
export class MetadataStore {
  private readonly gate = new Gate(REQUESTS_AT_ONCE);

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    private readonly maker: FileMaker,
  ) {}

  /**
   * Receives all parts, then makes and stores the instances one by one. References to bulk data name parts of the
   * request by their Content-Location; nothing else is ever looked up.
   * @throws OrthancError 413 for metadata that are too large, or nested too deep: what stands before the latter is stored
   */
  store(reader: MultipartReader, payload: PayloadType, store: Stores, fail: Fails): Promise<readonly StowOutcome[]> {
    return this.gate.run(async () => {
      const spool = await BulkSpool.open();
      const budget = this.configuration.Annal.Limits.MaxJsonBodySize;
      const request: Request = { payload, spool, documents: [], bulk: new BulkParts(), failed: [], budget };
      try {
        await this.receive(reader, request, fail);
        const outcomes: StowOutcome[] = [];
        for (const document of request.documents)
          outcomes.push(...(await this.storeAll(document, request, store, fail)));
        return [...outcomes, ...request.failed];
      } finally {
        await spool.close();
      }
    });
  }

  private async receive(reader: MultipartReader, request: Request, fail: Fails): Promise<void> {
    try {
      for (let part = await reader.next(); part; part = await reader.next()) {
        try {
          await take(part, request);
        } catch (error) {
          if (error instanceof HttpError || error instanceof MalformedMultipart) throw error;
          request.failed.push(fail(error));
        } finally {
          await part.content.return();
        }
      }
    } catch (error) {
      if (!(error instanceof MalformedMultipart)) throw error;
      request.failed.push(fail(error));
    }
  }

  private async storeAll(
    { form, content }: Document,
    { spool, bulk }: Request,
    store: Stores,
    fail: Fails,
  ): Promise<readonly StowOutcome[]> {
    let made: MadeFiles;
    try {
      const bytes = Buffer.isBuffer(content) ? content : await spool.whole(content);
      made = await this.maker.make({ form, bytes }, bulk);
    } catch (error) {
      return [fail(error)];
    }
    const outcomes: StowOutcome[] = [];
    for (const file of made.files) {
      if ('failure' in file) {
        const error = errorOf(file, this.configuration.Annal.Limits.MaxJsonDepth);
        if (error instanceof HttpError) throw error;
        outcomes.push(fail(error));
      } else outcomes.push(await store(contentOf(file, made.bytes, spool)));
    }
    return outcomes;
  }
}

async function take({ headers, content }: BodyPart, request: Request): Promise<void> {
  const { payload, spool, documents, bulk } = request;
  const location = headers.get('content-location');
  const otherwise = location === undefined ? payload : 'application/octet-stream';
  const contentType = headers.get('content-type') || otherwise;
  if (METADATA[payload]!.includes(partType(contentType, otherwise).type)) {
    const form = payload === 'application/dicom+xml' ? 'xml' : 'json';
    documents.push({ form, content: await keep(metered(content, request), spool) });
    return;
  }
  if (location === undefined) throw new BadMetadata('A part has neither metadata nor a Content-Location');
  const { start, size } = await spool.add(content);
  bulk.add(location, contentType, start, size);
}

/** @throws OrthancError 413 where the metadata of a request are too large */
async function* metered(content: AsyncIterable<Buffer>, request: Request): AsyncGenerator<Buffer, void> {
  for await (const chunk of content) {
    request.budget -= chunk.length;
    if (request.budget < 0) throw tooLarge('the metadata of a request');
    yield chunk;
  }
}

async function keep(content: AsyncGenerator<Buffer, void>, spool: BulkSpool): Promise<Buffer | Spooled> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (let next = await content.next(); !next.done; next = await content.next()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > ON_THE_SPOT) return spool.add(behind(chunks, content));
  }
  return Buffer.concat(chunks);
}

async function* behind(chunks: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield* chunks;
  yield* rest;
}

async function* contentOf(
  pieces: readonly MadePiece[],
  { buffer, byteOffset }: Uint8Array,
  spool: BulkSpool,
): AsyncGenerator<Buffer, void> {
  for (const piece of pieces) {
    if (!Array.isArray(piece)) {
      yield* spool.read(piece as Spooled);
      continue;
    }
    const [start, end] = piece as readonly [number, number];
    for (let at = start; at < end; at += AT_ONCE) {
      yield Buffer.from(buffer, byteOffset + at, Math.min(AT_ONCE, end - at));
    }
  }
}
