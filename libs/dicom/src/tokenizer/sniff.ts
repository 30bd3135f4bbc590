import { hasPrefix } from './file-meta.js';
import { isStandardVr } from './vr-codes.js';

/** A first element of implicit VR is a short one: a group length, a UID, a character set. */
const LONGEST_FIRST_VALUE = 0xffff;
/** Groups that a file without preamble can start with. */
const FIRST_GROUPS = new Set([0x0002, 0x0004, 0x0008]);

/**
 * Whether the beginning of some bytes looks like DICOM: the prefix after the preamble, or a first element as in files
 * without one. For telling DICOM from the rest of a ZIP or folder; only `tokenize` knows for sure. Needs 132 bytes.
 */
export function isDicom(prefix: Buffer): boolean {
  if (hasPrefix(prefix)) return true;
  if (prefix.length < 8) return false;
  const explicit = isStandardVr(prefix.readUInt16BE(4));
  if (FIRST_GROUPS.has(prefix.readUInt16LE(0))) return explicit || prefix.readUInt32LE(4) <= LONGEST_FIRST_VALUE;
  if (FIRST_GROUPS.has(prefix.readUInt16BE(0))) return explicit || prefix.readUInt32BE(4) <= LONGEST_FIRST_VALUE;
  return false;
}
