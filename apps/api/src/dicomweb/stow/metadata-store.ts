import {
  BadMetadata,
  type BodyPart,
  type BulkData,
  bytesOfPieces,
  dicomFile,
  type DicomJsonDataSet,
  MalformedMultipart,
  type MultipartReader,
  NativeXmlReader,
  parseMediaType,
  readDicomJson,
} from '@annal/dicomweb';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { parseJson } from '../../http/body/parse-json.js';
import { HttpError, tooLarge } from '../../http/errors/http-errors.js';
import { Gate } from '../../load/gate.js';
import { CONFIGURATION } from '../../tokens.js';
import { BulkSpool } from './bulk-spool.js';
import { partType, type PayloadType } from './stow-media-types.js';
import type { StowOutcome } from './stow-outcome.js';

/** Requests whose metadata are in memory at the same time. */
const REQUESTS_AT_ONCE = 2;
const METADATA: Readonly<Record<string, readonly string[]>> = {
  'application/dicom+json': ['application/dicom+json', 'application/json'],
  'application/dicom+xml': ['application/dicom+xml', 'application/xml', 'text/xml'],
};

type Stores = (file: AsyncIterable<Buffer>) => Promise<StowOutcome>;
type Fails = (error: unknown) => StowOutcome;

/** What a request brought. */
interface Received {
  readonly dataSets: DicomJsonDataSet[];
  readonly bulkData: Map<string, BulkData[]>;
  readonly failed: StowOutcome[];
}

/** Stores instances that come as metadata with their bulk data beside them (PS3.18 section 10.5.1.1.2). */
@Injectable()
export class MetadataStore {
  private readonly gate = new Gate(REQUESTS_AT_ONCE);

  constructor(@Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration) {}

  /**
   * Receives all parts, then makes and stores the instances one by one. References to bulk data name parts of the
   * request by their Content-Location; nothing else is ever looked up.
   */
  store(reader: MultipartReader, type: PayloadType, store: Stores, fail: Fails): Promise<readonly StowOutcome[]> {
    return this.gate.run(async () => {
      const spool = await BulkSpool.open();
      try {
        const { dataSets, bulkData, failed } = await this.receive(reader, type, spool, fail);
        const outcomes: StowOutcome[] = [];
        for (const dataset of dataSets) {
          try {
            outcomes.push(await store(bytesOfPieces(dicomFile(dataset, (uri) => bulkData.get(uri)))));
          } catch (error) {
            outcomes.push(fail(error));
          }
        }
        return [...outcomes, ...failed];
      } finally {
        await spool.close();
      }
    });
  }

  private async receive(reader: MultipartReader, type: PayloadType, spool: BulkSpool, fail: Fails): Promise<Received> {
    const received: Received = { dataSets: [], bulkData: new Map(), failed: [] };
    const budget = { left: this.configuration.Annal.Limits.MaxJsonBodySize };
    try {
      for (let part = await reader.next(); part; part = await reader.next()) {
        try {
          await this.take(part, type, received, spool, budget);
        } catch (error) {
          if (error instanceof HttpError || error instanceof MalformedMultipart) throw error;
          received.failed.push(fail(error));
        } finally {
          await part.content.return();
        }
      }
    } catch (error) {
      if (!(error instanceof MalformedMultipart)) throw error;
      received.failed.push(fail(error));
    }
    return received;
  }

  private async take(
    { headers, content }: BodyPart,
    payload: PayloadType,
    { dataSets, bulkData }: Received,
    spool: BulkSpool,
    budget: { left: number },
  ): Promise<void> {
    const location = headers.get('content-location');
    const mediaType = partType(
      headers.get('content-type'),
      location === undefined ? payload : 'application/octet-stream',
    );
    if (METADATA[payload]!.includes(mediaType.type)) {
      const found =
        payload === 'application/dicom+xml' ? [await this.xml(content, budget)] : await this.json(content, budget);
      dataSets.push(...found);
      return;
    }
    if (location === undefined) throw new BadMetadata('A part has neither metadata nor a Content-Location');
    const { start, size } = await spool.add(content);
    const parts = bulkData.get(location) ?? [];
    parts.push({
      mediaType: parseMediaType(headers.get('content-type') ?? mediaType.type),
      size,
      read: () => spool.read(start, size),
    });
    bulkData.set(location, parts);
  }

  private async json(content: AsyncIterable<Buffer>, budget: { left: number }): Promise<readonly DicomJsonDataSet[]> {
    let text = '';
    for await (const piece of textOf(content, budget)) text += piece;
    const document = parseJson(text, this.configuration.Annal.Limits.MaxJsonDepth);
    if (document === undefined) throw new BadMetadata('The metadata are no JSON');
    return readDicomJson(document);
  }

  private async xml(content: AsyncIterable<Buffer>, budget: { left: number }): Promise<DicomJsonDataSet> {
    const reader = new NativeXmlReader(this.configuration.Annal.Limits.MaxJsonDepth);
    for await (const piece of textOf(content, budget)) reader.write(piece);
    return reader.end();
  }
}

/** UTF-8 as text. @throws BadMetadata, and OrthancError 413 where the metadata of a request are too large */
async function* textOf(content: AsyncIterable<Buffer>, budget: { left: number }): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Buffer): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new BadMetadata('The metadata are no UTF-8');
    }
  };
  for await (const chunk of content) {
    budget.left -= chunk.length;
    if (budget.left < 0) throw tooLarge('the metadata of a request');
    yield decode(chunk);
  }
  yield decode();
}
