import { type Tag } from '../dataset.js';
import { isStandardVr } from './vr-codes.js';
import { type VrLookup } from './vr-lookup.js';

/** How the elements of a data set are written (PS3.5 annex A). */
export interface ElementEncoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
/** Deflated explicit little endian, and the two of JPIP that deflate the data set. */
const DEFLATED = new Set(['1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.4.95', '1.2.840.10008.1.2.4.205']);

/** Whether the data set after the meta information is deflated (PS3.5 annex A.5). */
export function isDeflated(transferSyntaxUid: string): boolean {
  return DEFLATED.has(transferSyntaxUid);
}

/** The encoding that a transfer syntax of the standard prescribes; undefined for private and unknown ones. */
export function encodingOf(transferSyntaxUid: string): ElementEncoding | undefined {
  if (transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN) return { explicit: false, littleEndian: true };
  if (transferSyntaxUid === EXPLICIT_BIG_ENDIAN) return { explicit: true, littleEndian: false };
  if (transferSyntaxUid.startsWith(`${IMPLICIT_LITTLE_ENDIAN}.`)) return { explicit: true, littleEndian: true };
  return undefined;
}

/** The transfer syntax that has this encoding; implicit big endian has none. */
export function uncompressedSyntax({ explicit, littleEndian }: ElementEncoding): string {
  if (!explicit) return littleEndian ? IMPLICIT_LITTLE_ENDIAN : '';
  return littleEndian ? EXPLICIT_LITTLE_ENDIAN : EXPLICIT_BIG_ENDIAN;
}

const tagAt = (view: DataView, at: number, littleEndian: boolean): Tag =>
  view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);

/**
 * The encoding of a data set of unknown transfer syntax, judged as DCMTK does by its first six bytes: a VR that exists
 * means explicit; the byte order is the one in which the tag is known, else the one in which its group is small.
 */
export function guessEncoding(view: DataView, at: number, lookup: VrLookup): ElementEncoding {
  if (view.byteLength < at + 6) return { explicit: true, littleEndian: true };
  const explicit = isStandardVr(view.getUint16(at + 4));
  const [little, big] = [tagAt(view, at, true), tagAt(view, at, false)];
  const [knownLittle, knownBig] = [lookup.vrOf(little) !== undefined, lookup.vrOf(big) !== undefined];
  if (knownLittle !== knownBig) return { explicit, littleEndian: knownLittle };
  const [groupLittle, groupBig] = [Math.floor(little / 0x10000), Math.floor(big / 0x10000)];
  return { explicit, littleEndian: !(groupLittle > 0xff && groupBig <= 0xff) };
}
