import { DECODERS, type RunDecoder } from './run-decoders.js';

/** What a defined term means (PS3.3 section C.12.1.1.2). */
export interface CharacterSet {
  /** For the whole text, when no code extensions are in use. */
  readonly whole: RunDecoder;
  /** With code extensions: for the bytes from 80 on, where the term designates G1. Absent: the term has no G1. */
  readonly g1?: RunDecoder;
}

const single = (decoder: RunDecoder): CharacterSet => ({ whole: decoder, g1: decoder });
const standalone = (decoder: RunDecoder): CharacterSet => ({ whole: decoder });

/** By the number of `ISO_IR …` and `ISO 2022 IR …`. */
const BY_REGISTRATION = new Map<string, CharacterSet>([
  ['6', standalone(DECODERS.ascii)],
  ['100', single(DECODERS.latin1)],
  ['101', single(DECODERS.latin2)],
  ['109', single(DECODERS.latin3)],
  ['110', single(DECODERS.latin4)],
  ['148', single(DECODERS.latin5)],
  ['203', single(DECODERS.latin9)],
  ['144', single(DECODERS.cyrillic)],
  ['127', single(DECODERS.arabic)],
  ['126', single(DECODERS.greek)],
  ['138', single(DECODERS.hebrew)],
  ['166', single(DECODERS.thai)],
  ['13', single(DECODERS.shiftJis)],
  ['87', standalone(DECODERS.ascii)],
  ['159', standalone(DECODERS.ascii)],
  ['149', single(DECODERS.korean)],
  ['58', single(DECODERS.gb2312)],
  ['192', standalone(DECODERS.utf8)],
]);

const UNKNOWN = standalone(DECODERS.ascii);
const BY_NAME = new Map<string, CharacterSet>([
  ['GB18030', standalone(DECODERS.gb18030)],
  ['GBK', standalone(DECODERS.gb2312)],
  ['WINDOWS-1251', standalone(DECODERS.windowsCyrillic)],
]);

/** The character set of a normalised term; text in an unknown one keeps its ASCII characters alone. */
export function characterSetOf(term: string): CharacterSet {
  const registration = /^ISO(?:_| 2022 )IR (\d+)$/.exec(term)?.[1];
  return (registration === undefined ? BY_NAME.get(term) : BY_REGISTRATION.get(registration)) ?? UNKNOWN;
}
