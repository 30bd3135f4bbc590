import {
  BadMetadata,
  dataSetsOf,
  dicomFile,
  type DicomJsonDataSet,
  type MetadataOf,
  NativeXmlReader,
  readDicomJson,
  UnsupportedBulkData,
} from '@annal/dicomweb';
import { parseJson } from '../../../http/body/parse-json.js';
import { HttpError } from '../../../http/errors/http-errors.js';
import type { BulkPart, BulkParts } from './bulk-parts.js';

/** The forms of metadata. */
export type MetadataForm = 'json' | 'xml';

/** Metadata as they came. */
export interface MetadataDocument {
  readonly form: MetadataForm;
  readonly bytes: Uint8Array;
}

/** A piece of a file: from where to where it stands among the bytes that were made, or bulk data. */
export type MadePiece = readonly [start: number, end: number] | Pick<BulkPart, 'start' | 'size'>;

/** Why a file could not be made. Errors lose their class between threads. */
export type MakingFailure =
  | { readonly failure: 'bad'; readonly message: string; readonly bulkData: boolean; readonly claimed?: MetadataOf }
  | { readonly failure: 'unsupported'; readonly message: string }
  | { readonly failure: 'depth' };

/** The files of a document: their bytes but for bulk data, and of each what it is put together from. */
export interface MadeFiles {
  readonly bytes: Uint8Array;
  readonly files: readonly (readonly MadePiece[] | MakingFailure)[];
}

/** So many characters of XML are read at a time: the limits of the parser are looked at in between. */
const XML_AT_ONCE = 64 * 1024;
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * DICOM files made of metadata, each by itself: of one that cannot be made, why.
 * @param depth levels of nesting, at most
 */
export function madeFiles({ form, bytes }: MetadataDocument, bulk: BulkParts, depth: number): MadeFiles {
  const made: Buffer[] = [];
  const writer = new FileWriter(made, bulk);
  const read = attempt(() => dataSets(form, bytes, depth));
  const files =
    'failure' in read ? [read] : read.value.map((next) => valueOrFailure(attempt(() => writer.write(next()))));
  return { bytes: Buffer.concat(made), files };
}

/** Says of files what they are put together from, and collects what is no bulk data. */
class FileWriter {
  private size = 0;

  constructor(
    private readonly made: Buffer[],
    private readonly bulk: BulkParts,
  ) {}

  write(dataset: DicomJsonDataSet): readonly MadePiece[] {
    const pieces: MadePiece[] = [];
    let start = this.size;
    const made = (): void => {
      if (this.size > start) pieces.push([start, this.size]);
      start = this.size;
    };
    for (const piece of dicomFile<BulkPart>(dataset, (uri) => this.bulk.find(uri))) {
      if (Buffer.isBuffer(piece)) {
        this.made.push(piece);
        this.size += piece.length;
      } else {
        made();
        pieces.push({ start: piece.start, size: piece.size });
      }
    }
    made();
    return pieces;
  }
}

/** The data sets of a document, each to be read by itself. */
function dataSets(form: MetadataForm, bytes: Uint8Array, depth: number): readonly (() => DicomJsonDataSet)[] {
  const text = textOf(bytes);
  if (form === 'json') {
    const document = parseJson(text, depth);
    if (document === undefined) throw new BadMetadata('The metadata are no JSON');
    return dataSetsOf(document).map((value) => () => readDicomJson(value));
  }
  const reader = new NativeXmlReader(depth);
  for (let at = 0; at < text.length; at += XML_AT_ONCE) reader.write(text.slice(at, at + XML_AT_ONCE));
  const dataset = reader.end();
  return [() => dataset];
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new BadMetadata('The metadata are no UTF-8');
  }
}

function attempt<T>(task: () => T): { readonly value: T } | MakingFailure {
  try {
    return { value: task() };
  } catch (error) {
    if (error instanceof BadMetadata) {
      const { message, bulkData, claimed } = error;
      return { failure: 'bad', message, bulkData, ...(claimed && { claimed }) };
    }
    if (error instanceof UnsupportedBulkData) return { failure: 'unsupported', message: error.message };
    if (error instanceof HttpError) return { failure: 'depth' };
    throw error;
  }
}

function valueOrFailure<T>(outcome: { readonly value: T } | MakingFailure): T | MakingFailure {
  return 'failure' in outcome ? outcome : outcome.value;
}
