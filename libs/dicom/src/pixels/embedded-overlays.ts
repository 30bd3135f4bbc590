import { type Tag } from '../dataset.js';
import { findElement, type HeaderDataSet } from '../header/model.js';
import { integerAt } from './header-numbers.js';

/** OverlayBitPosition and OverlayData of the first of the even groups from 6000 to 60FE, and where the others differ. */
const [BIT_POSITION, OVERLAY_DATA]: readonly [Tag, Tag] = [0x60000102, 0x60003000];
const GROUPS = 0x00fe0000;

/** Whether an element tells where an overlay is. */
export function tellsOfOverlays(tag: Tag): boolean {
  return isOf(BIT_POSITION, tag) || isOf(OVERLAY_DATA, tag);
}

/**
 * Whether bits of the samples beside their value are an overlay: a retired form, which images of old modalities have. It has
 * a bit position and no data of its own (PS3.5 section 8.1.2, PS3.3 C.9.2).
 */
export function hasEmbeddedOverlay(
  dataset: HeaderDataSet,
  { bitsStored, highBit }: { readonly bitsStored: number; readonly highBit: number },
): boolean {
  return dataset.some(([tag, , value]) => {
    if (!isOf(BIT_POSITION, tag) || value === null) return false;
    if (findElement(dataset, OVERLAY_DATA + (tag - BIT_POSITION))?.[2] != null) return false;
    const position = integerAt(dataset, tag);
    // where it cannot be read it may be anywhere
    return position === undefined || position > highBit || position <= highBit - bitsStored;
  });
}

function isOf(first: Tag, tag: Tag): boolean {
  return (tag & ~GROUPS) >>> 0 === first;
}
