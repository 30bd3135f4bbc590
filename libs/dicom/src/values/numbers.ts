import { type DataElement, type DataSet } from '../dataset.js';

type Reader = (view: DataView, at: number, littleEndian: boolean) => number | bigint;

const tag: Reader = (view, at, le) => view.getUint16(at, le) * 0x10000 + view.getUint16(at + 2, le);
const uint16: Reader = (view, at, le) => view.getUint16(at, le);
const uint32: Reader = (view, at, le) => view.getUint32(at, le);
const float32: Reader = (view, at, le) => view.getFloat32(at, le);
const float64: Reader = (view, at, le) => view.getFloat64(at, le);
const uint64: Reader = (view, at, le) => view.getBigUint64(at, le);

/** Size and form of one number (PS3.5 section 6.2). */
const FORMS: ReadonlyMap<string, readonly [size: number, read: Reader]> = new Map([
  ['AT', [4, tag]],
  ['US', [2, uint16]],
  ['SS', [2, (view, at, le) => view.getInt16(at, le)]],
  ['OW', [2, uint16]],
  ['UL', [4, uint32]],
  ['SL', [4, (view, at, le) => view.getInt32(at, le)]],
  ['OL', [4, uint32]],
  ['FL', [4, float32]],
  ['OF', [4, float32]],
  ['FD', [8, float64]],
  ['OD', [8, float64]],
  ['UV', [8, uint64]],
  ['OV', [8, uint64]],
  ['SV', [8, (view, at, le) => view.getBigInt64(at, le)]],
]);

/** Bytes of a number whose byte order is that of the file (PS3.5 section 7.3); undefined where bytes stand for themselves. */
export function orderedWidth(vr: string): 2 | 4 | 8 | undefined {
  // a tag is two numbers
  return vr === 'AT' ? 2 : (FORMS.get(vr)?.[0] as 2 | 4 | 8 | undefined);
}

/** The bytes, filled up with a zero when their number is odd: the last number of a careless writer counts (DCMTK). */
function even(bytes: Buffer): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
}

/**
 * The numbers of a binary element; a `bigint` each for UV, SV and OV, tags as 32-bit numbers for AT. Bytes left over
 * are ignored. Empty for other representations and for absent bytes.
 *
 * @param vr the representation to read it in, when the file's is not the right one
 */
export function numbersOf(element: DataElement, dataset: DataSet, vr = element.vr): readonly (number | bigint)[] {
  const form = FORMS.get(vr);
  const { bytes } = element;
  if (!form || !bytes || bytes.length === 0) return [];
  const [size, read] = form;
  const whole = even(bytes);
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  const numbers: (number | bigint)[] = [];
  for (let at = 0; at + size <= whole.length; at += size) numbers.push(read(view, at, dataset.littleEndian));
  return numbers;
}
