import { type VrLookup } from '../tokenizer/vr-lookup.js';

/** The few entries of a dictionary that tests of implicit VR need. */
const VRS = new Map([
  [0x00080005, 'CS'],
  [0x00080016, 'UI'],
  [0x00080018, 'UI'],
  [0x00080060, 'CS'],
  [0x00081030, 'LO'],
  [0x00081140, 'SQ'],
  [0x00081150, 'UI'],
  [0x00100010, 'PN'],
  [0x00100020, 'LO'],
  [0x0020000d, 'UI'],
  [0x0020000e, 'UI'],
  [0x00280010, 'US'],
]);

/** A small dictionary with one private block: element 09 of the creator ACME is a DS. */
export const SMALL_DICTIONARY: VrLookup = {
  vrOf: (tag, creator) =>
    (tag >>> 16) & 1 ? (creator === 'ACME' && (tag & 0xff) === 9 ? 'DS' : undefined) : VRS.get(tag),
};
