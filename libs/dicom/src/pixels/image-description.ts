import { type Tag } from '../dataset.js';
import { type ByteRange, findElement, type HeaderDataSet, type HeaderModel, isByteRange } from '../header/model.js';
import { hasEmbeddedOverlay } from './embedded-overlays.js';
import { PixelDataError } from './errors.js';
import { integerAt, numbersAt, textAt } from './header-numbers.js';
import { type PaletteDescription, paletteDescription } from './palette.js';
import { isVideo } from './transfer-syntaxes.js';

/** What the numbers of the pixel data are: (7FE0,0010), (7FE0,0008) or (7FE0,0009). */
export type SampleKind = 'integer' | 'float' | 'double';

/** A linear window (PS3.3 C.11.2.1.2). */
export interface Window {
  readonly center: number;
  readonly width: number;
}

/** How the pixel data of an image is to be read (PS3.3 C.7.6.3). Plain data: it goes to threads as it is. */
export interface ImageDescription {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Upper case, as the data set has it; empty when it has none. */
  readonly photometric: string;
  /** 0: the samples of a pixel together; 1: a plane each sample. */
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** That can be had by themselves: a video is one. */
  readonly numberOfFrames: number;
  readonly kind: SampleKind;
  /** Where the pixel data stands in the file (deflated: in the inflated data set); absent when there is none. */
  readonly pixelData?: ByteRange;
  /** Value representation of the pixel data. */
  readonly pixelVr: string;
  /** Of the whole image; frames may have their own (`frameValues`). */
  readonly rescale?: { readonly slope: number; readonly intercept: number };
  readonly windows: readonly Window[];
  readonly palette?: PaletteDescription;
  /** Bits of samples beside their value are an overlay (`hasEmbeddedOverlay`). */
  readonly embeddedOverlay?: true;
}

const NUMBER_OF_FRAMES: Tag = 0x00280008;
const PIXEL_DATA: readonly (readonly [Tag, SampleKind])[] = [
  [0x7fe00010, 'integer'],
  [0x7fe00008, 'float'],
  [0x7fe00009, 'double'],
];
const BITS: Readonly<Record<SampleKind, readonly number[]>> = {
  integer: [1, 8, 16, 24, 32, 64],
  float: [32],
  double: [64],
};
const MAXIMUM_FRAMES = 0x7fffffff;
const MAXIMUM_SIDE = 0xffff;

function fail(message: string): never {
  throw new PixelDataError('description', message);
}

/** A number that must lie in a range; the default where the element is absent. */
function within(
  dataset: HeaderDataSet,
  tag: Tag,
  name: string,
  [low, high]: [number, number],
  absent?: number,
): number {
  const value = findElement(dataset, tag)?.[2] == null ? absent : integerAt(dataset, tag);
  if (value === undefined || value < low || value > high) fail(`${name} is missing or impossible`);
  return value;
}

/**
 * How many frames can be had by themselves: NumberOfFrames (0028,0008), 1 where it is absent, and for videos.
 * @throws PixelDataError `description`
 */
export function numberOfFrames({ dataset, syntax }: HeaderModel): number {
  if (isVideo(syntax)) return 1;
  const value = findElement(dataset, NUMBER_OF_FRAMES)?.[2];
  if (value == null || value === '') return 1;
  return within(dataset, NUMBER_OF_FRAMES, 'The number of frames', [0, MAXIMUM_FRAMES]);
}

/** The first pixel data element of an image, and what its numbers are. */
function pixelDataOf(dataset: HeaderDataSet): Pick<ImageDescription, 'kind' | 'pixelData' | 'pixelVr'> {
  for (const [tag, kind] of PIXEL_DATA) {
    const [, vr, value] = findElement(dataset, tag) ?? [];
    if (vr !== undefined && value && isByteRange(value)) return { kind, pixelVr: vr.toUpperCase(), pixelData: value };
  }
  return { kind: 'integer', pixelVr: 'OW' };
}

/** Where the pixel data (7FE0,0010) stands. @throws PixelDataError `no-pixel-data` */
export function pixelDataRange({ dataset }: HeaderModel): ByteRange {
  const { pixelData, kind } = pixelDataOf(dataset);
  if (!pixelData || kind !== 'integer') throw new PixelDataError('no-pixel-data', 'There is no pixel data');
  return pixelData;
}

/** RescaleSlope, RescaleIntercept and the windows of a data set or an item of a functional group. */
export function imageValues(dataset: HeaderDataSet): Pick<ImageDescription, 'rescale' | 'windows'> {
  const [slope] = numbersAt(dataset, 0x00281053);
  const [intercept] = numbersAt(dataset, 0x00281052);
  const widths = numbersAt(dataset, 0x00281051);
  const windows = numbersAt(dataset, 0x00281050)
    .slice(0, widths.length)
    .map((center, index) => ({ center, width: widths[index]! }))
    .filter(({ center, width }) => Number.isFinite(center) && Number.isFinite(width));
  const known = slope !== undefined && intercept !== undefined && Number.isFinite(slope) && Number.isFinite(intercept);
  return { windows, ...(known && { rescale: { slope, intercept } }) };
}

/**
 * The description of an image by its header. Absent attributes are taken as Orthanc takes them: one sample a pixel, all
 * allocated bits stored, unsigned, one frame.
 *
 * @throws PixelDataError `description` where attributes are missing, impossible or contradict each other
 */
export function imageDescription(model: HeaderModel): ImageDescription {
  const { dataset } = model;
  const pixels = pixelDataOf(dataset);
  const rows = within(dataset, 0x00280010, 'The number of rows', [1, MAXIMUM_SIDE]);
  const columns = within(dataset, 0x00280011, 'The number of columns', [1, MAXIMUM_SIDE]);
  const samplesPerPixel = within(dataset, 0x00280002, 'The number of samples per pixel', [1, 4], 1);
  const bitsAllocated = within(dataset, 0x00280100, 'The number of allocated bits', [1, 64]);
  if (!BITS[pixels.kind].includes(bitsAllocated)) fail('The number of allocated bits is impossible');
  const bitsStored = within(dataset, 0x00280101, 'The number of stored bits', [1, bitsAllocated], bitsAllocated);
  const lowest = bitsStored - 1;
  const highBit = within(dataset, 0x00280102, 'The high bit', [lowest, bitsAllocated - 1], lowest);
  const planar = samplesPerPixel > 1 ? within(dataset, 0x00280006, 'The planar configuration', [0, 1], 0) : 0;
  const palette = paletteDescription(dataset);
  return {
    ...pixels,
    rows,
    columns,
    samplesPerPixel,
    photometric: textAt(dataset, 0x00280004)?.toUpperCase() ?? '',
    planarConfiguration: planar === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: pixels.kind !== 'integer' || within(dataset, 0x00280103, 'The pixel representation', [0, 1], 0) === 1,
    numberOfFrames: numberOfFrames(model),
    ...imageValues(dataset),
    ...(palette && { palette }),
    ...(hasEmbeddedOverlay(dataset, { bitsStored, highBit }) && { embeddedOverlay: true }),
  };
}
