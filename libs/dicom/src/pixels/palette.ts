import { type Tag } from '../dataset.js';
import { type ByteRange, findElement, type HeaderDataSet, isByteRange, isInlineBytes } from '../header/model.js';
import { PixelDataError } from './errors.js';
import { numbersAt } from './header-numbers.js';

/** One table of a palette (PS3.3 C.7.6.3.1.5). */
export interface PaletteTableDescription {
  /** Entries, 1 to 65,536. */
  readonly entries: number;
  /** The pixel value that the first entry is for; smaller ones have the first colour, larger ones the last. */
  readonly firstValue: number;
  /** Bits of an entry, 8 or 16. */
  readonly bits: number;
  /** The bytes, little endian, or where they stand in the file, in its byte order. */
  readonly data: Buffer | ByteRange;
}

export interface PaletteDescription {
  readonly red: PaletteTableDescription;
  readonly green: PaletteTableDescription;
  readonly blue: PaletteTableDescription;
}

/** A table of colours with its entries read; as many as the description says. */
export interface PaletteTable extends Omit<PaletteTableDescription, 'data'> {
  readonly values: Uint16Array;
}

export interface Palette {
  readonly red: PaletteTable;
  readonly green: PaletteTable;
  readonly blue: PaletteTable;
}

function tableDescription(dataset: HeaderDataSet, descriptor: Tag, data: Tag): PaletteTableDescription | undefined {
  const [count, firstValue, bits] = numbersAt(dataset, descriptor);
  const element = findElement(dataset, data);
  const known = [count, firstValue, bits].every((each) => each !== undefined && Number.isInteger(each));
  // written as SS, 65,535 entries are -1
  const entries = count! & 0xffff || 0x10000;
  if (!known || !element || bits! < 8 || bits! > 16) return undefined;
  return { entries, firstValue: firstValue!, bits: bits!, data: bytesOf(element[2]) };
}

function bytesOf(value: HeaderDataSet[number][2]): Buffer | ByteRange {
  if (value !== null && isByteRange(value)) return value;
  if (value !== null && isInlineBytes(value)) return Buffer.from(value.b, 'base64');
  if (value !== null && Array.isArray(value)) return Buffer.from(Uint16Array.from(value as number[]).buffer);
  return Buffer.alloc(0);
}

/** The colour tables of an image, undefined where it has none that are whole. Segmented tables (0028,1221) are not read. */
export function paletteDescription(dataset: HeaderDataSet): PaletteDescription | undefined {
  const [red, green, blue] = [0, 1, 2].map((index) =>
    tableDescription(dataset, 0x00281101 + index, 0x00281201 + index),
  );
  return red && green && blue ? { red, green, blue } : undefined;
}

/** The entries of a table; bytes beyond them are ignored. 8-bit entries may stand in bytes or in words. */
function readTable(table: PaletteTableDescription, bytes: Buffer, littleEndian: boolean): PaletteTable {
  const { entries, firstValue, bits } = table;
  const words = bytes.length >= entries * 2;
  if (!words && (bits > 8 || bytes.length < entries)) {
    throw new PixelDataError('description', 'The palette is shorter than it says');
  }
  const values = new Uint16Array(entries);
  for (let index = 0; index < entries; index++) {
    if (!words) values[index] = bytes[littleEndian ? index : index ^ 1] ?? bytes[index]!;
    else values[index] = littleEndian ? bytes.readUInt16LE(index * 2) : bytes.readUInt16BE(index * 2);
  }
  return { entries, firstValue, bits, values };
}

/**
 * Reads the tables of a palette.
 * @param read gives the bytes of a range of the file, or of the inflated data set
 * @param littleEndian the byte order of the file
 * @throws PixelDataError `description` where a table is shorter than its descriptor says
 */
export async function readPalette(
  palette: PaletteDescription,
  read: (range: ByteRange) => Promise<Buffer>,
  littleEndian: boolean,
): Promise<Palette> {
  const table = async (each: PaletteTableDescription): Promise<PaletteTable> => {
    if (Buffer.isBuffer(each.data)) return readTable(each, each.data, true);
    const { o, n } = each.data;
    return readTable(each, await read({ o, n: Math.min(n, each.entries * 2) }), littleEndian);
  };
  return { red: await table(palette.red), green: await table(palette.green), blue: await table(palette.blue) };
}
