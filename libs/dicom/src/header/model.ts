import { type Tag } from '../dataset.js';

/** Bytes kept in the model, base64, in little endian byte order whatever the file's. */
export interface InlineBytes {
  readonly b: string;
}

/** A value left in the file: where it starts in the file (deflated: in the inflated data set) and its bytes. */
export interface ByteRange {
  readonly o: number;
  readonly n: number;
  /** Encapsulated pixel data: `n` is the length of all fragments with their item headers, as far as known. */
  readonly e?: 1;
}

/**
 * The value of an element, by its representation:
 * text (decoded, without trailing padding, multiple values separated by `\`) for strings;
 * numbers for US, SS, UL, SL, FL, FD and AT (tags), decimal text for SV and UV and for numbers that JSON lacks;
 * items for SQ; bytes or their place for everything else and for long values; null for an empty one that is no text.
 */
export type HeaderValue =
  string | readonly (number | string)[] | readonly HeaderDataSet[] | InlineBytes | ByteRange | null;

/**
 * Tag, value representation, value. The representation is the file's, with two additions: `SQ` also stands for UN of
 * undefined length (PS3.5 section 6.2.2), and lower case (`us`, `ow`, `ds`) tells that the representation is our reading
 * of an implicit VR file: one of several allowed, or of a private element that DCMTK does not know.
 */
export type HeaderElement = readonly [tag: Tag, vr: string, value: HeaderValue];

/** A data set or an item: elements in file order. */
export type HeaderDataSet = readonly HeaderElement[];

/** What is kept of a file's header: all that tags, modules, searches and DICOM JSON show. Plain JSON. */
export interface HeaderModel {
  readonly version: 1;
  /** Transfer syntax UID in force. */
  readonly syntax: string;
  readonly meta: HeaderDataSet;
  /** The data set, the pixel data element and what follows it included. */
  readonly dataset: HeaderDataSet;
}

/** The representations whose values are text. */
const TEXT = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));

/** Whether values of a representation are character strings (PS3.5 section 6.2). */
export function isTextVr(vr: string): boolean {
  return TEXT.has(vr);
}

/** The representations whose values are numbers or tags, each by itself. */
const NUMERIC = new Set(['AT', 'US', 'SS', 'UL', 'SL', 'FL', 'FD', 'SV', 'UV']);

/** Whether values of a representation are numbers, not a stream of bytes that holds some (PS3.5 section 6.2). */
export function isNumericVr(vr: string): boolean {
  return NUMERIC.has(vr);
}

/** The first element with a tag at the top level of a data set. */
export function findElement(dataset: HeaderDataSet, tag: Tag): HeaderElement | undefined {
  return dataset.find((element) => element[0] === tag);
}

/** The items of a sequence element; undefined for every other element. */
export function itemsOf([, vr, value]: HeaderElement): readonly HeaderDataSet[] | undefined {
  return vr === 'SQ' ? ((value ?? []) as readonly HeaderDataSet[]) : undefined;
}

/** The numbers of an element whose value is an array of them; undefined for every other element. */
export function numericValues([, vr, value]: HeaderElement): readonly (number | string)[] | undefined {
  return vr !== 'SQ' && Array.isArray(value) ? (value as readonly (number | string)[]) : undefined;
}

/** Whether a value stays in the file. */
export function isByteRange(value: HeaderValue): value is ByteRange {
  return typeof value === 'object' && value !== null && 'o' in value;
}

/** Whether a value is kept as bytes. */
export function isInlineBytes(value: HeaderValue): value is InlineBytes {
  return typeof value === 'object' && value !== null && 'b' in value;
}
