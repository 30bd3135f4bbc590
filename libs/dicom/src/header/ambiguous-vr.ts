import { type Tag } from '../dataset.js';

/** Follow PixelRepresentation (PS3.5 annex A.1), in DCMTK's reading; other tags it leaves open. */
const PIXEL_VALUED = new Set<Tag>([
  0x00280106, 0x00280107, 0x00280108, 0x00280109, 0x00280120, 0x00280121, 0x00283002, 0x00409211, 0x00409216,
  0x00603004, 0x00603006,
]);

/**
 * The representation of an element of an implicit VR file when its tag allows several; lower case when the file leaves
 * it open.
 */
export function resolveAmbiguousVr(tag: Tag, alternatives: readonly string[], signed: boolean | undefined): string {
  if (alternatives.includes('OW')) return alternatives.includes('US') ? 'ow' : 'OW';
  const vr = signed ? 'SS' : 'US';
  return signed !== undefined && PIXEL_VALUED.has(tag) ? vr : vr.toLowerCase();
}
