import { type CharacterSet, characterSetOf } from './character-sets.js';
import { DECODERS, type RunDecoder } from './run-decoders.js';

/** What the escape sequences designate (PS3.3 tables C.12-3 and C.12-4), by the bytes after ESC. */
interface Designation {
  readonly g0?: RunDecoder;
  readonly g1?: RunDecoder;
}

const g1Of = (term: string): RunDecoder | undefined => characterSetOf(term).g1;
const ESCAPES = new Map<string, Designation>([
  ['(B', { g0: DECODERS.ascii }],
  ['(J', { g0: DECODERS.ascii }],
  ['$B', { g0: DECODERS.jisX0208 }],
  ['$@', { g0: DECODERS.jisX0208 }],
  ['$(D', { g0: DECODERS.jisX0212 }],
  [')I', { g1: g1Of('ISO_IR 13') }],
  ['-A', { g1: g1Of('ISO_IR 100') }],
  ['-B', { g1: g1Of('ISO_IR 101') }],
  ['-C', { g1: g1Of('ISO_IR 109') }],
  ['-D', { g1: g1Of('ISO_IR 110') }],
  ['-F', { g1: g1Of('ISO_IR 126') }],
  ['-G', { g1: g1Of('ISO_IR 127') }],
  ['-H', { g1: g1Of('ISO_IR 138') }],
  ['-L', { g1: g1Of('ISO_IR 144') }],
  ['-M', { g1: g1Of('ISO_IR 148') }],
  ['-T', { g1: g1Of('ISO_IR 166') }],
  ['-b', { g1: g1Of('ISO_IR 203') }],
  ['$)A', { g1: DECODERS.gb2312 }],
  ['$)C', { g1: DECODERS.korean }],
]);

const ESCAPE = 0x1b;
const MULTI_BYTE: ReadonlySet<RunDecoder> = new Set([DECODERS.jisX0208, DECODERS.jisX0212]);

/**
 * Decode text with code extensions (PS3.5 sections 6.1.2.5.3 and 6.1.2.5.4): designations last until the next escape
 * sequence or `delimiters`. Unknown sequences lose their ESC alone. Bytes from 80 on where no G1 is designated are
 * read in the first term that has one.
 */
export function decodeWithExtensions(bytes: Buffer, terms: readonly string[], delimiters: ReadonlySet<number>): string {
  const sets: readonly CharacterSet[] = terms.map(characterSetOf);
  const initialG1 = sets[0]?.g1 ?? sets.find((set) => set.g1)?.g1 ?? DECODERS.ascii;
  let [g0, g1]: [RunDecoder, RunDecoder] = [DECODERS.ascii, initialG1];
  let text = '';
  let start = 0;
  const flush = (end: number): void => {
    if (end <= start) return;
    const high = (bytes[start] ?? 0) >= 0x80;
    text += (high ? g1 : g0)(bytes.subarray(start, end));
    start = end;
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 !== (bytes[start] ?? 0) >= 0x80) flush(at);
    if (byte === ESCAPE) {
      flush(at);
      const { designation, length } = escapeAt(bytes, at + 1);
      g0 = designation?.g0 ?? g0;
      g1 = designation?.g1 ?? g1;
      at += length;
      start = at + 1;
    } else if (delimiters.has(byte) && !(byte > 0x20 && MULTI_BYTE.has(g0))) {
      flush(at);
      text += String.fromCharCode(byte);
      start = at + 1;
      [g0, g1] = [DECODERS.ascii, initialG1];
    }
  }
  flush(bytes.length);
  return text;
}

function escapeAt(bytes: Buffer, at: number): { designation?: Designation; length: number } {
  for (const length of [2, 3]) {
    const designation = ESCAPES.get(bytes.toString('latin1', at, at + length));
    if (designation) return { designation, length };
  }
  return { length: 0 };
}
