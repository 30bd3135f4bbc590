import { deflateRawSync } from 'node:zlib';
import {
  type BuilderEntry,
  elementHeader,
  elementsBytes,
  type Encoding,
  fragmentBytes,
  valueBytes,
} from './element-writer.js';

/** The transfer syntaxes whose form differs; every other UID is written as explicit VR little endian. */
export const TransferSyntax = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflatedLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  rle: '1.2.840.10008.1.2.5',
} as const;

/** A Part 10 file as a test describes it. */
export interface DicomDescription {
  /** Default: explicit VR little endian. Also decides how the data set is written, even with `meta: false`. */
  readonly transferSyntax?: string;
  /** `false`: no file meta information. Elements replace or add to the usual ones. */
  readonly meta?: false | readonly BuilderEntry[];
  /** What (0002,0000) says, when it shall lie. */
  readonly metaGroupLength?: number;
  /** `false`: neither preamble nor `DICM`. Bytes: the 128 bytes before `DICM`. */
  readonly preamble?: boolean | Buffer;
  /** The data set, in the order given. */
  readonly elements?: readonly BuilderEntry[];
  /** Native pixels, or fragments (the basic offset table first) for encapsulated syntaxes. */
  readonly pixelData?: Buffer | readonly Buffer[];
  /** VR of the pixel data; default OW for native, OB for fragments. */
  readonly pixelVr?: 'OB' | 'OW';
  /** Elements after the pixel data. */
  readonly trailing?: readonly BuilderEntry[];
  /** How strings become bytes; default: UTF-8 when (0008,0005) is ISO_IR 192, else Latin-1. */
  readonly text?: 'latin1' | 'utf8';
}

const PIXEL_DATA = 0x7fe00010;
const META: Encoding = { explicit: true, littleEndian: true, text: 'latin1' };
const tagOf = (entry: BuilderEntry): number => ('tag' in entry ? entry.tag : entry[0]);
const valueOf = (entry: BuilderEntry | undefined): unknown => entry && ('tag' in entry ? entry.value : entry[2]);

function textOf(elements: readonly BuilderEntry[]): Encoding['text'] {
  const value = valueOf(elements.find((entry) => tagOf(entry) === 0x00080005));
  return value === 'ISO_IR 192' ? 'utf8' : 'latin1';
}

function metaBytes(description: DicomDescription, transferSyntax: string): Buffer {
  const { meta = [], elements = [], metaGroupLength } = description;
  if (meta === false) return Buffer.alloc(0);
  const uid = (tag: number): string => {
    const value = valueOf(elements.find((entry) => tagOf(entry) === tag));
    return typeof value === 'string' ? value : '';
  };
  const entries = new Map<number, BuilderEntry>([
    [0x00020001, [0x00020001, 'OB', Buffer.from([0, 1])]],
    [0x00020002, [0x00020002, 'UI', uid(0x00080016)]],
    [0x00020003, [0x00020003, 'UI', uid(0x00080018)]],
    [0x00020010, [0x00020010, 'UI', transferSyntax]],
    [0x00020012, [0x00020012, 'UI', '1.2.826.0.1.3680043.10.1']],
  ]);
  for (const entry of meta) entries.set(tagOf(entry), entry);
  const body = elementsBytes(
    [...entries.values()].sort((a, b) => tagOf(a) - tagOf(b)),
    META,
  );
  return Buffer.concat([elementsBytes([[0x00020000, 'UL', metaGroupLength ?? body.length]], META), body]);
}

function pixelBytes(description: DicomDescription, encoding: Encoding): Buffer {
  const { pixelData } = description;
  if (pixelData === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(pixelData)) {
    const bytes = valueBytes('OW', pixelData, encoding);
    return Buffer.concat([elementHeader(PIXEL_DATA, description.pixelVr ?? 'OW', bytes.length, encoding), bytes]);
  }
  const header = elementHeader(PIXEL_DATA, description.pixelVr ?? 'OB', 0xffffffff, encoding);
  return Buffer.concat([header, fragmentBytes(pixelData, encoding)]);
}

/**
 * A DICOM Part 10 file (PS3.10 section 7) for tests and benchmarks, in any transfer syntax, well-formed by default
 * and wrong where the description asks for it.
 */
export function buildDicom(description: DicomDescription): Buffer {
  const { transferSyntax = TransferSyntax.explicitLittleEndian, preamble = true, elements = [] } = description;
  const encoding: Encoding = {
    explicit: transferSyntax !== TransferSyntax.implicitLittleEndian,
    littleEndian: transferSyntax !== TransferSyntax.explicitBigEndian,
    text: description.text ?? textOf(elements),
  };
  const dataset = Buffer.concat([
    elementsBytes(elements, encoding),
    pixelBytes(description, encoding),
    elementsBytes(description.trailing ?? [], encoding),
  ]);
  const first = Buffer.isBuffer(preamble) ? preamble : Buffer.alloc(preamble ? 128 : 0);
  return Buffer.concat([
    first,
    Buffer.from(preamble === false ? '' : 'DICM', 'latin1'),
    metaBytes(description, transferSyntax),
    transferSyntax === TransferSyntax.deflatedLittleEndian ? deflateRawSync(dataset) : dataset,
  ]);
}
