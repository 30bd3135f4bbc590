import { type Tag } from '../dataset.js';

const SEPARATED = /^[0-9a-fA-F]{4}[,-][0-9a-fA-F]{4}$/;
const PLAIN = /^[0-9a-fA-F]{8}$/;

/** A tag as eight lower-case hexadecimal digits: `00100010`. */
export function tagHex(tag: Tag): string {
  return tag.toString(16).padStart(8, '0');
}

/** A tag as Orthanc prints it: `0010,0010`, in lower case. */
export function formatTag(tag: Tag): string {
  const digits = tagHex(tag);
  return `${digits.slice(0, 4)},${digits.slice(4)}`;
}

/** A tag written `gggg,eeee`, `gggg-eeee` or `ggggeeee`, in either case; undefined when the text is none of them. */
export function parseHexTag(text: string): Tag | undefined {
  if (SEPARATED.test(text)) return Number.parseInt(text.slice(0, 4) + text.slice(5), 16);
  return PLAIN.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** Odd groups belong to vendors (PS3.5 section 7.8). */
export function isPrivate(tag: Tag): boolean {
  return (tag & 0x00010000) !== 0;
}

/** Private creator elements (gggg,0010) to (gggg,00FF) reserve a block of private elements (PS3.5 section 7.8.1). */
export function isPrivateCreator(tag: Tag): boolean {
  const element = tag & 0xffff;
  return isPrivate(tag) && element >= 0x10 && element <= 0xff;
}

/** The tag of the private creator that reserves the block of a private element. */
export function privateCreatorTag(tag: Tag): Tag {
  return ((tag & 0xffff0000) | ((tag >>> 8) & 0xff)) >>> 0;
}
