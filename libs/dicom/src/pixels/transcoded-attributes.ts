import { type HeaderModel } from '../header/model.js';
import { type NewElement } from '../writing/new-element.js';
import { type EncodedFrame } from './encode-frame.js';
import { textAt } from './header-numbers.js';
import { type ImageDescription } from './image-description.js';

/** The frames of a file in another transfer syntax, as far as its data set tells of it. */
export interface TranscodedPixels extends Omit<EncodedFrame, 'bytes'> {
  /** Where pixels were lost. */
  readonly lossy?: {
    readonly sopInstanceUid: string;
    readonly transferSyntax: string;
    /** How many times smaller than the uncompressed pixel data (0028,2112). */
    readonly ratio: number;
    /** In words, for people (0008,2111). */
    readonly description: string;
  };
}

/** The names of lossy compression (PS3.3 C.7.6.1.1.5.1). */
const METHODS: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'ISO_10918_1',
  '1.2.840.10008.1.2.4.51': 'ISO_10918_1',
  '1.2.840.10008.1.2.4.81': 'ISO_14495_1',
  '1.2.840.10008.1.2.4.91': 'ISO_15444_1',
  '1.2.840.10008.1.2.4.203': 'ISO_15444_15',
};
const LONGEST_TEXT = 1024;

function code(value: string, meaning: string): readonly NewElement[] {
  return [
    [0x00080100, 'SH', value],
    [0x00080102, 'SH', 'DCM'],
    [0x00080104, 'LO', meaning],
  ];
}

/** The values that were there and one more. */
function added(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}\\${value}`;
}

/** As C's `%.5g` writes a number. */
function fiveDigits(value: number): string {
  return String(Number(value.toPrecision(5)));
}

function derived({ dataset }: HeaderModel, lossy: NonNullable<TranscodedPixels['lossy']>): readonly NewElement[] {
  const [, ...kinds] = (textAt(dataset, 0x00080008) ?? 'ORIGINAL\\SECONDARY').split('\\');
  const before = textAt(dataset, 0x00082111);
  const description = before === undefined ? lossy.description : `${lossy.description} [${before}]`;
  const source: readonly NewElement[] = [
    [0x00081150, 'UI', textAt(dataset, 0x00080016) ?? ''],
    [0x00081155, 'UI', textAt(dataset, 0x00080018) ?? ''],
    [0x0040a170, 'SQ', [code('121320', 'Uncompressed predecessor')]],
  ];
  return [
    [0x00080008, 'CS', ['DERIVED', ...kinds].join('\\')],
    [0x00080018, 'UI', lossy.sopInstanceUid],
    [0x00082111, 'ST', ascii(description).slice(0, LONGEST_TEXT)],
    [0x00082112, 'SQ', [source]],
    [0x00089215, 'SQ', [code('113040', 'Lossy Compression')]],
    [0x00282110, 'CS', '01'],
    [0x00282112, 'DS', added(textAt(dataset, 0x00282112), fiveDigits(lossy.ratio))],
    [0x00282114, 'CS', added(methodsBefore(dataset), METHODS[lossy.transferSyntax] ?? '')],
  ];
}

/** As many as there are ratios, unknown ones empty. */
function methodsBefore(dataset: HeaderModel['dataset']): string | undefined {
  const methods = textAt(dataset, 0x00282114);
  return methods === undefined && textAt(dataset, 0x00282112) !== undefined ? '' : methods;
}

/** The names of lossy compression for people. */
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'JPEG baseline',
  '1.2.840.10008.1.2.4.51': 'JPEG extended sequential 8 bit',
  '1.2.840.10008.1.2.4.81': 'near-lossless JPEG-LS',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.203': 'High-Throughput JPEG 2000',
};

/** What was done to an image, for people (0008,2111). @param quality where the codec knows one */
export function lossyDescription(transferSyntax: string, quality: number, ratio: number): string {
  return `Lossy compression with ${NAMES[transferSyntax] ?? ''}, quality ${quality}, compression ratio ${fiveDigits(ratio)}`;
}

/** What is no ASCII would need the file's character set. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e\r\n]/g, '?');
}

/**
 * The elements of a data set that change when its frames are compressed or decompressed, as DCMTK writes them (PS3.3
 * C.7.6.3, C.7.6.1.1.5, C.12.1.1).
 */
export function transcodedAttributes(
  model: HeaderModel,
  image: ImageDescription,
  pixels: TranscodedPixels,
): readonly NewElement[] {
  const { photometric, planarConfiguration, bitsAllocated, bitsStored, highBit, lossy } = pixels;
  return [
    ...(photometric === image.photometric ? [] : [[0x00280004, 'CS', photometric] as const]),
    ...(image.samplesPerPixel > 1 ? [[0x00280006, 'US', [planarConfiguration]] as const] : []),
    ...(bitsAllocated === image.bitsAllocated ? [] : [[0x00280100, 'US', [bitsAllocated]] as const]),
    ...(bitsStored === image.bitsStored ? [] : [[0x00280101, 'US', [bitsStored]] as const]),
    ...(highBit === image.highBit ? [] : [[0x00280102, 'US', [highBit]] as const]),
    ...(lossy ? derived(model, lossy) : []),
  ];
}
