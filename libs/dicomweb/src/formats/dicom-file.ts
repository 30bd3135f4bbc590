import {
  type ElementEncoding,
  elementHeader,
  encodeElement,
  EXPLICIT_LITTLE_ENDIAN,
  fileMetaBytes,
  isEncapsulated,
  isVideo,
  ITEM,
  type NewElement,
  SEQUENCE_DELIMITER,
  UNDEFINED_LENGTH,
} from '@annal/dicom';
import { bulkTransferSyntax } from './bulk-transfer-syntax.js';
import type { DicomJsonAttribute, DicomJsonDataSet } from './dicom-json-model.js';
import { encodeValue, isText } from './encode-value.js';
import { BadMetadata, type MetadataOf, UnsupportedBulkData } from './metadata-errors.js';
import type { MediaRange } from '../http/media-range.js';

/** Bulk data that lie somewhere: what a file that holds them says of them. */
export interface BulkData {
  readonly mediaType: MediaRange;
  readonly size: number;
}

/** A part of a file that is put together. */
export type FilePiece<B extends BulkData> = Buffer | B;

/** Finds the bulk data that a reference names, of several frames in their order; undefined where there are none. */
export type FindBulkData<B extends BulkData> = (uri: string) => readonly B[] | undefined;

const TO: ElementEncoding = { explicit: true, littleEndian: true };
const [CHARACTER_SET, PIXEL_DATA] = ['00080005', '7FE00010'];
/** Says in which syntaxes a server can give an instance: no part of one (PS3.18 section 10.6.1.2.3). */
const AVAILABLE_SYNTAX = '00083002';
const [STORAGE_CLASS, STORAGE_INSTANCE, TRANSFER_SYNTAX] = [0x00020002, 0x00020003, 0x00020010];
const [LONGEST, LONGEST_SHORT] = [0xfffffffe, 0xffff];
/** The representations whose length takes four bytes (PS3.5 section 7.1.2). */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/**
 * A DICOM file made of a data set in the DICOM JSON model and its bulk data (PS3.10 section 7, PS3.18 section 10.5.1.1):
 * in explicit little endian, or encapsulated as the media type of the pixel data says. Texts are in UTF-8 where they
 * are not ASCII.
 * @throws BadMetadata, UnsupportedBulkData
 */
export function dicomFile<B extends BulkData>(
  dataset: DicomJsonDataSet,
  find: FindBulkData<B>,
): readonly FilePiece<B>[] {
  const sopClassUid = firstText(dataset['00080016']);
  const sopInstanceUid = firstText(dataset['00080018']);
  const claimed = sopClassUid === '' || sopInstanceUid === '' ? undefined : { sopClassUid, sopInstanceUid };
  const writer = new DataSetWriter(find, claimed);
  const pieces = writer.dataSet(dataset, true);
  const meta: NewElement[] = [
    [STORAGE_CLASS, 'UI', sopClassUid],
    [STORAGE_INSTANCE, 'UI', sopInstanceUid],
    [TRANSFER_SYNTAX, 'UI', writer.transferSyntax],
  ];
  return [fileMetaBytes([], meta), ...pieces];
}

class DataSetWriter<B extends BulkData> {
  transferSyntax: string = EXPLICIT_LITTLE_ENDIAN;
  private beyondAscii = false;

  constructor(
    private readonly find: FindBulkData<B>,
    private readonly claimed: MetadataOf | undefined,
  ) {}

  /** Elements in ascending order; the character set of the outermost data set is that of all. */
  dataSet(dataset: DicomJsonDataSet, outermost: boolean): readonly FilePiece<B>[] {
    const tags = Object.keys(dataset).filter(isWritten).sort();
    const written = new Map<string, readonly FilePiece<B>[]>();
    for (const tag of tags) {
      if (tag !== CHARACTER_SET) written.set(tag, this.element(tag, dataset[tag]!, outermost ? dataset : undefined));
    }
    const given = dataset[CHARACTER_SET];
    const characterSet = this.beyondAscii ? { vr: 'CS', Value: ['ISO_IR 192'] } : given;
    if (outermost && characterSet) written.set(CHARACTER_SET, this.element(CHARACTER_SET, characterSet, undefined));
    return [...written.keys()].sort().flatMap((tag) => written.get(tag)!);
  }

  private element(
    tag: string,
    attribute: DicomJsonAttribute,
    outermost: DicomJsonDataSet | undefined,
  ): readonly FilePiece<B>[] {
    const { vr, Value = [], BulkDataURI } = attribute;
    const number = Number.parseInt(tag, 16);
    if (vr === 'SQ') {
      if (BulkDataURI !== undefined) throw this.bad('A sequence is no bulk data');
      const items = Value.map((item) => this.dataSet(item as DicomJsonDataSet, false));
      return withLength(
        number,
        'SQ',
        items.flatMap((item) => withLength(ITEM, '', item)),
      );
    }
    if (BulkDataURI !== undefined) return this.bulk(tag, vr, BulkDataURI, outermost);
    const bytes = encodeValue(attribute);
    if (isText(vr) && !this.beyondAscii) this.beyondAscii = bytes.some((byte) => byte > 0x7f);
    return [encodeElement(number, vr, bytes, true, TO)];
  }

  private bulk(tag: string, vr: string, uri: string, dataset: DicomJsonDataSet | undefined): readonly FilePiece<B>[] {
    const found = this.find(uri);
    if (!found || found.length === 0) throw this.bad('There are no bulk data of a BulkDataURI in the request', true);
    const native = (): readonly FilePiece<B>[] => withLength(Number.parseInt(tag, 16), vr, padded(found));
    if (!dataset || tag !== PIXEL_DATA) return native();
    const syntax = bulkTransferSyntax(found[0]!.mediaType, dataset);
    if (!isEncapsulated(syntax)) return native();
    this.transferSyntax = syntax;
    const frames = Number.parseInt(firstText(dataset['00280008']) || '1', 10);
    if (found.length !== frames && !isVideo(syntax)) throw this.bad('There is to be one part for each frame');
    return encapsulated(found);
  }

  private bad(message: string, bulkData = false): BadMetadata {
    return new BadMetadata(message, { bulkData, ...(this.claimed && { claimed: this.claimed }) });
  }
}

/** Group lengths are retired; the groups 0000 and 0002 are no part of a data set. */
function isWritten(tag: string): boolean {
  return !tag.endsWith('0000') && !tag.startsWith('0000') && !tag.startsWith('0002') && tag !== AVAILABLE_SYNTAX;
}

function sizeOf(pieces: readonly FilePiece<BulkData>[]): number {
  return pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.size), 0);
}

function withLength<B extends BulkData>(
  tag: number,
  vr: string,
  pieces: readonly FilePiece<B>[],
): readonly FilePiece<B>[] {
  const size = sizeOf(pieces);
  if (size > LONGEST) throw new UnsupportedBulkData('A value is longer than 4 GiB');
  // what has no room in its own representation (PS3.5 section 6.2.2)
  const writable = vr !== '' && size > LONGEST_SHORT && !LONG_VRS.has(vr) ? 'UN' : vr;
  return [elementHeader(tag, writable, size, TO), ...pieces];
}

function padded<B extends BulkData>(bulk: readonly B[]): readonly FilePiece<B>[] {
  return sizeOf(bulk) % 2 === 0 ? bulk : [...bulk, Buffer.alloc(1)];
}

/** Fragments, one each frame, behind an empty offset table (PS3.5 section A.4). */
function encapsulated<B extends BulkData>(frames: readonly B[]): readonly FilePiece<B>[] {
  const fragments = frames.flatMap((frame) => withLength(ITEM, '', padded([frame])));
  return [
    elementHeader(0x7fe00010, 'OB', UNDEFINED_LENGTH, TO),
    elementHeader(ITEM, '', 0, TO),
    ...fragments,
    elementHeader(SEQUENCE_DELIMITER, '', 0, TO),
  ];
}

function firstText(attribute: DicomJsonAttribute | undefined): string {
  const value = attribute?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
