import { decodeUtf8 } from './utf8.js';

/** Turns a run of bytes of one character set into text. Bytes that mean nothing there are left out. */
export type RunDecoder = (bytes: Buffer) => string;

const REPLACEMENT = /\ufffd/g;

/** A decoder of the platform, by its label in the Encoding Standard. None of these sets contains U+FFFD itself. */
function platform(label: string): RunDecoder {
  const decoder = new TextDecoder(label);
  return (bytes) => decoder.decode(bytes).replace(REPLACEMENT, '');
}

/** A single-byte set described by what differs from Latin-1. */
function singleByte(characterOf: (byte: number) => string | undefined): RunDecoder {
  const table = Array.from({ length: 256 }, (_, byte) => characterOf(byte) ?? String.fromCharCode(byte));
  return (bytes) => {
    let text = '';
    for (const byte of bytes) text += table[byte];
    return text;
  };
}

/** The six places where ISO 8859-9 differs from ISO 8859-1. */
const LATIN5 = new Map([
  [0xd0, 'Ğ'],
  [0xdd, 'İ'],
  [0xde, 'Ş'],
  [0xf0, 'ğ'],
  [0xfd, 'ı'],
  [0xfe, 'ş'],
]);

/** TIS 620: Thai from A1 on, with two gaps. */
function thai(byte: number): string | undefined {
  if (byte < 0x80) return undefined;
  if (byte <= 0xa0 || (byte >= 0xdb && byte <= 0xde) || byte >= 0xfc) return byte === 0xa0 ? '\u00a0' : '';
  return String.fromCharCode(0x0e00 + byte - 0xa0);
}

const eucJp = platform('euc-jp');
const withHighBits = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte | 0x80));

/** JIS X 0212 pairs, each with the prefix that EUC-JP gives them. */
function jisX0212(bytes: Buffer): string {
  const prefixed = Buffer.alloc(Math.floor(bytes.length / 2) * 3);
  for (let pair = 0; 2 * pair + 1 < bytes.length; pair++) {
    prefixed[3 * pair] = 0x8f;
    prefixed[3 * pair + 1] = (bytes[2 * pair] ?? 0) | 0x80;
    prefixed[3 * pair + 2] = (bytes[2 * pair + 1] ?? 0) | 0x80;
  }
  return eucJp(prefixed);
}

/** Decoders of whole character sets, by the number in their defined term or by name. */
export const DECODERS = {
  ascii: singleByte((byte) => (byte < 0x80 ? undefined : '')),
  latin1: (bytes) => bytes.toString('latin1'),
  latin2: platform('iso-8859-2'),
  latin3: platform('iso-8859-3'),
  latin4: platform('iso-8859-4'),
  latin5: singleByte((byte) => LATIN5.get(byte)),
  latin9: platform('iso-8859-15'),
  cyrillic: platform('iso-8859-5'),
  windowsCyrillic: platform('windows-1251'),
  arabic: platform('iso-8859-6'),
  greek: platform('iso-8859-7'),
  hebrew: platform('iso-8859-8'),
  thai: singleByte(thai),
  shiftJis: platform('shift_jis'),
  jisX0208: (bytes) => eucJp(withHighBits(bytes)),
  jisX0212,
  korean: platform('euc-kr'),
  gb2312: platform('gbk'),
  gb18030: platform('gb18030'),
  utf8: decodeUtf8,
} satisfies Record<string, RunDecoder>;
