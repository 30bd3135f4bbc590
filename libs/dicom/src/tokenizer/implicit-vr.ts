import { type Tag } from '../dataset.js';
import { isPrivateCreator } from '../dictionary/tag-text.js';
import { type PrivateCreators } from './private-creators.js';
import { type VrLookup } from './vr-lookup.js';

const PIXEL_DATA: Tag = 0x7fe00010;

/** The VR of an element that comes without one (PS3.5 section 7.1.3 and annex A.1). */
export function implicitVr(tag: Tag, creators: PrivateCreators, lookup: VrLookup): string {
  if (tag === PIXEL_DATA) return 'OW';
  if ((tag & 0xffff) === 0) return 'UL';
  if (isPrivateCreator(tag)) return 'LO';
  return lookup.vrOf(tag, creators.of(tag)) ?? 'UN';
}
