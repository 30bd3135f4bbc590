import { type Tag } from '../dataset.js';
import { type ByteSource } from './byte-source.js';
import { DicomFormatError } from './errors.js';
import { vrForm } from './vr-codes.js';
import { type ElementEncoding } from './transfer-syntax.js';

export const UNDEFINED_LENGTH = 0xffffffff;
export const ITEM: Tag = 0xfffee000;
export const ITEM_DELIMITER: Tag = 0xfffee00d;
export const SEQUENCE_DELIMITER: Tag = 0xfffee0dd;

/** Tag, VR and length of an element or item. `vr` is empty when the encoding doesn't tell. */
export interface ElementHeader {
  tag: Tag;
  vr: string;
  length: number;
  valueOffset: number;
}

/** The tag at an offset whose four bytes are there. */
export function readTag(view: DataView, at: number, littleEndian: boolean): Tag {
  return ((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
}

/**
 * Read an element header (PS3.5 section 7.1) into `header`, which the caller keeps and reuses; `limit` is the end of
 * what it belongs to.
 */
export function readHeader(
  source: ByteSource,
  at: number,
  limit: number,
  encoding: ElementEncoding,
  header: ElementHeader,
): void {
  source.require(at + 8, limit);
  const { view } = source;
  const { littleEndian } = encoding;
  const tag = readTag(view, at, littleEndian);
  header.tag = tag;
  if (!encoding.explicit || tag >>> 16 === 0xfffe) {
    header.vr = '';
    header.length = view.getUint32(at + 4, littleEndian);
    header.valueOffset = at + 8;
    return;
  }
  const form = vrForm(view.getUint16(at + 4));
  if (!form) throw new DicomFormatError('structure', 'A DICOM element has no valid value representation');
  header.vr = form.vr;
  if (!form.longLength) {
    header.length = view.getUint16(at + 6, littleEndian);
    header.valueOffset = at + 8;
    return;
  }
  source.require(at + 12, limit);
  header.length = view.getUint32(at + 8, littleEndian);
  header.valueOffset = at + 12;
}
