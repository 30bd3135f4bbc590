import { type Tag } from '../dataset.js';

/** A value of a test element: text, numbers (for binary VRs), or bytes taken as they are (odd lengths are kept). */
export type BuilderValue = string | number | bigint | Buffer | readonly (string | number | bigint)[];

/** A data element as a test describes it. */
export interface BuilderElement {
  readonly tag: Tag;
  readonly vr: string;
  readonly value?: BuilderValue;
  /** The items of a sequence. */
  readonly items?: readonly (readonly BuilderEntry[])[];
  /** Write the sequence (or bytes) and its items with undefined length and delimiters. */
  readonly undefinedLength?: boolean;
  /** A length that lies, instead of the value's own. */
  readonly declaredLength?: number;
}

/** An element in full, or short: `[tag, vr, value]`, `[tag, 'SQ', [[…item], […item]]]`. */
export type BuilderEntry =
  BuilderElement | readonly [Tag, string, BuilderValue?] | readonly [Tag, 'SQ', readonly (readonly BuilderEntry[])[]];

/** How elements are written. */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  readonly text: 'latin1' | 'utf8';
}

const UNDEFINED = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
/** VRs whose explicit header has two reserved bytes and a 32-bit length (PS3.5 section 7.1.2). */
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

const tuple = (entry: BuilderEntry): entry is Exclude<BuilderEntry, BuilderElement> => Array.isArray(entry);

function describe(entry: BuilderEntry): BuilderElement {
  if (!tuple(entry)) return entry;
  const [tag, vr, value] = entry;
  if (vr === 'SQ') return { tag, vr, items: (value ?? []) as readonly (readonly BuilderEntry[])[] };
  return { tag, vr, value: value as BuilderValue | undefined };
}

function integer(value: number, size: 2 | 4, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(size);
  if (littleEndian) bytes.writeUIntLE(value, 0, size);
  else bytes.writeUIntBE(value, 0, size);
  return bytes;
}

function tagBytes(tag: Tag, { littleEndian }: Encoding): Buffer {
  return Buffer.concat([integer(tag >>> 16, 2, littleEndian), integer(tag & 0xffff, 2, littleEndian)]);
}

type Number1 = (view: DataView, value: number | bigint, littleEndian: boolean) => void;
const BINARY: Readonly<Record<string, readonly [size: number, put: Number1]>> = {
  US: [2, (view, value, le) => view.setUint16(0, Number(value), le)],
  SS: [2, (view, value, le) => view.setInt16(0, Number(value), le)],
  OW: [2, (view, value, le) => view.setUint16(0, Number(value), le)],
  UL: [4, (view, value, le) => view.setUint32(0, Number(value), le)],
  SL: [4, (view, value, le) => view.setInt32(0, Number(value), le)],
  OL: [4, (view, value, le) => view.setUint32(0, Number(value), le)],
  FL: [4, (view, value, le) => view.setFloat32(0, Number(value), le)],
  OF: [4, (view, value, le) => view.setFloat32(0, Number(value), le)],
  FD: [8, (view, value, le) => view.setFloat64(0, Number(value), le)],
  OD: [8, (view, value, le) => view.setFloat64(0, Number(value), le)],
  UV: [8, (view, value, le) => view.setBigUint64(0, BigInt(value), le)],
  OV: [8, (view, value, le) => view.setBigUint64(0, BigInt(value), le)],
  SV: [8, (view, value, le) => view.setBigInt64(0, BigInt(value), le)],
};

function binary(vr: string, values: readonly (number | bigint)[], encoding: Encoding): Buffer {
  if (vr === 'OB' || vr === 'UN') return Buffer.from(values.map(Number));
  if (vr === 'AT') return Buffer.concat(values.map((tag) => tagBytes(Number(tag), encoding)));
  const form = BINARY[vr];
  if (!form) throw new Error(`The VR ${vr} takes no numbers`);
  const [size, put] = form;
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, index) =>
    put(new DataView(bytes.buffer, bytes.byteOffset + index * size, size), value, encoding.littleEndian),
  );
  return bytes;
}

/** The bytes of a value, padded to an even length unless given as bytes. */
export function valueBytes(vr: string, value: BuilderValue | undefined, encoding: Encoding): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(value)) return value;
  const values = typeof value === 'object' ? value : [value];
  const numeric = vr in BINARY || vr === 'AT' || vr === 'OB' || vr === 'UN';
  const bytes =
    numeric && typeof values[0] !== 'string'
      ? binary(vr, values as readonly (number | bigint)[], encoding)
      : Buffer.from(values.map(String).join('\\'), encoding.text);
  if (bytes.length % 2 === 0) return bytes;
  const zero = numeric || vr === 'UI';
  return Buffer.concat([bytes, Buffer.from([zero ? 0x00 : 0x20])]);
}

/** An element header: tag, VR when explicit, length. */
export function elementHeader(tag: Tag, vr: string, length: number, encoding: Encoding): Buffer {
  const { explicit, littleEndian } = encoding;
  const parts = [tagBytes(tag, encoding)];
  const item = tag >>> 16 === 0xfffe;
  const long = LONG_VRS.has(vr);
  if (explicit && !item) parts.push(Buffer.from(vr, 'latin1'));
  if (explicit && !item && long) parts.push(Buffer.alloc(2));
  parts.push(integer(length >>> 0, explicit && !item && !long ? 2 : 4, littleEndian));
  return Buffer.concat(parts);
}

function itemBytes(item: readonly BuilderEntry[], undefinedLength: boolean, encoding: Encoding): Buffer {
  const content = elementsBytes(item, encoding);
  const header = elementHeader(ITEM, '', undefinedLength ? UNDEFINED : content.length, encoding);
  const end = undefinedLength ? elementHeader(ITEM_END, '', 0, encoding) : Buffer.alloc(0);
  return Buffer.concat([header, content, end]);
}

/** Encapsulated fragments, the offset table first (PS3.5 annex A.4). */
export function fragmentBytes(fragments: readonly Buffer[], encoding: Encoding): Buffer {
  const items = fragments.flatMap((bytes) => [elementHeader(ITEM, '', bytes.length, encoding), bytes]);
  return Buffer.concat([...items, elementHeader(SEQUENCE_END, '', 0, encoding)]);
}

/** One whole element. */
export function elementBytes(entry: BuilderEntry, encoding: Encoding): Buffer {
  const { tag, vr, value, items, undefinedLength = false, declaredLength } = describe(entry);
  const content = items
    ? Buffer.concat(items.map((item) => itemBytes(item, undefinedLength, encoding)))
    : valueBytes(vr, value, encoding);
  const length = declaredLength ?? (undefinedLength ? UNDEFINED : content.length);
  const end = undefinedLength ? elementHeader(SEQUENCE_END, '', 0, encoding) : Buffer.alloc(0);
  return Buffer.concat([elementHeader(tag, vr, length, encoding), content, end]);
}

/** Elements in the order given. */
export function elementsBytes(entries: readonly BuilderEntry[], encoding: Encoding): Buffer {
  return Buffer.concat(entries.map((entry) => elementBytes(entry, encoding)));
}
