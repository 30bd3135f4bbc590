import { decodeText } from '../charset/index.js';

/** How the texts of a directory record are written. */
export interface RecordText {
  /** SpecificCharacterSet (0008,0005) of the record; absent where ASCII is enough and nothing else was declared. */
  readonly term?: string;
  readonly encode: (text: string) => Buffer;
}

const UTF_8 = 'ISO_IR 192';
/** Character sets of one byte a character (PS3.3 table C.12-2), with their terms in use with code extensions. */
const SINGLE_BYTE = /^ISO(?:_| 2022 )IR (?:100|101|109|110|144|127|126|138|148|203|166|13)$/;
const NOT_ASCII = /[^\0-\x7f]/;
const tables = new Map<string, ReadonlyMap<string, number>>();

/**
 * How a record is written in which these texts appear: in the character set of the file as far as that is one of one
 * byte a character and has them all, else in UTF-8.
 * @param declared the file's SpecificCharacterSet; empty without one
 */
export function recordText(texts: readonly string[], declared: string): RecordText {
  if (!texts.some((text) => NOT_ASCII.test(text))) {
    return { term: declared === '' ? undefined : declared, encode: (text) => Buffer.from(text, 'latin1') };
  }
  const table = SINGLE_BYTE.test(declared) ? tableOf(declared) : undefined;
  const fits =
    table && texts.every((text) => [...text].every((character) => character <= '\x7f' || table.has(character)));
  if (!fits) return { term: UTF_8, encode: (text) => Buffer.from(text) };
  const encode = (text: string): Buffer =>
    Buffer.from([...text].map((character) => table.get(character) ?? character.charCodeAt(0)));
  return { term: declared, encode };
}

/** The bytes from 80 on by their characters. */
function tableOf(term: string): ReadonlyMap<string, number> {
  const known = tables.get(term);
  if (known) return known;
  const table = new Map<string, number>();
  for (let byte = 0x80; byte <= 0xff; byte++) {
    const character = decodeText(Buffer.from([byte]), [term]);
    if ([...character].length === 1 && character !== '\ufffd') table.set(character, byte);
  }
  tables.set(term, table);
  return table;
}
