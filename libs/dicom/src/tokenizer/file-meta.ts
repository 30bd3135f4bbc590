import { type Tag } from '../dataset.js';
import { type ByteSource } from './byte-source.js';
import { type ElementHeader, readHeader, UNDEFINED_LENGTH } from './element-header.js';
import { ItemDataSet, ValueElement } from './elements.js';
import { DicomFormatError } from './errors.js';
import { isStandardVr } from './vr-codes.js';

const PREAMBLE_LENGTH = 128;
const TRANSFER_SYNTAX_UID: Tag = 0x00020010;
const ENCODING = { explicit: true, littleEndian: true };

/** The file meta information and where the data set starts. */
export interface FileMeta {
  readonly meta: ItemDataSet;
  readonly start: number;
  /** As (0002,0010) says; undefined without it. */
  readonly transferSyntaxUid: string | undefined;
}

/** Whether the bytes have the preamble and prefix of PS3.10 section 7.1. */
export function hasPrefix(bytes: Buffer): boolean {
  return bytes.length >= PREAMBLE_LENGTH + 4 && bytes.readUInt32BE(PREAMBLE_LENGTH) === 0x4449434d;
}

/** Whether an element of group 0002 starts here, in the encoding that it must have. */
function inMeta(source: ByteSource, at: number): boolean {
  const { view, buffer } = source;
  return at + 8 <= buffer.length && view.getUint16(at, true) === 0x0002 && isStandardVr(view.getUint16(at + 4));
}

/**
 * Read the file meta information (PS3.10 section 7.1), with or without the preamble before it. It ends where group
 * 0002 ends: its group length is wrong in too many files to be believed.
 */
export function readFileMeta(source: ByteSource): FileMeta {
  const meta = new ItemDataSet(true, []);
  const header: ElementHeader = { tag: 0, vr: '', length: 0, valueOffset: 0 };
  const end = source.totalLength;
  let at = hasPrefix(source.buffer) ? PREAMBLE_LENGTH + 4 : 0;
  let transferSyntaxUid: string | undefined;
  // When the header isn't wholly there, the next element may be one of the meta information
  if (!source.complete) source.require(at + 8, end);
  while (inMeta(source, at)) {
    readHeader(source, at, end, ENCODING, header);
    const { tag, vr, length, valueOffset } = header;
    if (length === UNDEFINED_LENGTH) throw new DicomFormatError('structure', 'The DICOM meta information is malformed');
    source.spend();
    if (valueOffset + length > end) throw source.overrun(end);
    source.require(valueOffset + length, end);
    const element = new ValueElement(tag, vr, at, valueOffset, length, source.buffer);
    meta.elements.push(element);
    if (tag === TRANSFER_SYNTAX_UID) transferSyntaxUid ??= uidOf(source.buffer, valueOffset, length);
    at = valueOffset + length;
    if (!source.complete) source.require(Math.min(at + 8, end), end);
  }
  return { meta, start: at, transferSyntaxUid };
}

function uidOf(buffer: Buffer, offset: number, length: number): string {
  return buffer
    .toString('latin1', offset, offset + length)
    .replace(/\0.*$/s, '')
    .trim();
}
