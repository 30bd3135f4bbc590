import { characterSetOf } from './character-sets.js';
import { decodeWithExtensions } from './code-extensions.js';

const CONTROLS = [0x09, 0x0a, 0x0c, 0x0d];
const BACKSLASH = 0x5c;
const CARET = 0x5e;
const EQUALS = 0x3d;

/** Where designations end, by kind of text (PS3.5 section 6.1.2.5.3). */
const IN_TEXT: ReadonlySet<number> = new Set(CONTROLS);
const IN_VALUES: ReadonlySet<number> = new Set([...CONTROLS, BACKSLASH]);
const IN_NAMES: ReadonlySet<number> = new Set([...CONTROLS, BACKSLASH, CARET, EQUALS]);

function delimitersOf(vr: string): ReadonlySet<number> {
  if (vr === 'PN') return IN_NAMES;
  return vr === 'LT' || vr === 'ST' || vr === 'UT' ? IN_TEXT : IN_VALUES;
}

function isPlainAscii(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || byte === 0x1b) return false;
  }
  return true;
}

/**
 * Decode the bytes of a text (PS3.5 section 6.1) written in these defined terms, as `characterSetTerms` gives them.
 * Never fails: bytes without meaning are left out. Several values stay joined by backslashes: split them afterwards,
 * a backslash byte may be half a character before.
 */
export function decodeText(bytes: Buffer, terms: readonly string[], vr = 'LO'): string {
  if (isPlainAscii(bytes)) return bytes.toString('latin1');
  const [first = ''] = terms;
  const extended = terms.length > 1 || first.startsWith('ISO 2022');
  const standalone = first === 'ISO_IR 192' || first === 'GB18030' || first === 'GBK';
  if (extended && !standalone) return decodeWithExtensions(bytes, terms, delimitersOf(vr));
  return characterSetOf(first === '' ? 'ISO_IR 6' : first).whole(bytes);
}
