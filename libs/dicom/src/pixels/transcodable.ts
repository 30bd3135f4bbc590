import { type HeaderModel } from '../header/model.js';
import { encodingOf } from '../tokenizer/transfer-syntax.js';
import { checkNative } from './codecs/native.js';
import { checkEncodable, checkOverlays } from './encode-frame.js';
import { PixelDataError } from './errors.js';
import { decodedBytes } from './frame-size.js';
import { type ImageDescription, imageDescription } from './image-description.js';
import { codecOf, isEncapsulated } from './transfer-syntaxes.js';

/** PixelData, FloatPixelData, DoubleFloatPixelData. */
const PIXEL_DATA: ReadonlySet<number> = new Set([0x7fe00010, 0x7fe00008, 0x7fe00009]);

/** The longest value of an element (PS3.5 section 7.1.1): lengths are even, and FFFFFFFFH is one that is not told. */
const LONGEST_VALUE = 0xfffffffe;

/** Whether a data set has pixels, of whatever kind. */
export function hasPixels({ dataset }: HeaderModel): boolean {
  return dataset.some(([tag]) => PIXEL_DATA.has(tag));
}

/** Whether what changes from one transfer syntax to another is how elements are written: no pixel is touched. */
export function keepsPixels(from: string, to: string): boolean {
  return from === to || (encodingOf(from) !== undefined && !isEncapsulated(from) && !isEncapsulated(to));
}

/**
 * Whether nothing in a header keeps a file from being put into another transfer syntax. It may fail all the same, by pixel
 * data that are damaged or other than the header says.
 */
export function isTranscodable(model: HeaderModel, to: string): boolean {
  try {
    checkTranscodable(model, to);
    return true;
  } catch (error) {
    if (error instanceof PixelDataError) return false;
    throw error;
  }
}

/**
 * Uncompressed, all frames are one value together; compressed, each is a fragment of its own.
 * @throws PixelDataError `unsupported` where they have no room in it
 */
export function checkRoom(image: ImageDescription, to: string): void {
  if (!isEncapsulated(to) && decodedBytes(image) > LONGEST_VALUE)
    unsupported(`Frames of more than ${LONGEST_VALUE} bytes together`);
}

function checkTranscodable(model: HeaderModel, to: string): void {
  const { syntax: from } = model;
  if (keepsPixels(from, to)) return;
  if (!encodingOf(from)) unsupported('A private transfer syntax');
  if (!hasPixels(model)) return;
  const image = imageDescription(model);
  if (image.numberOfFrames === 0) unsupported('There are no frames');
  checkDecodable(image, from);
  checkRoom(image, to);
  checkOverlays(image, to);
  if (isEncapsulated(to)) {
    if (image.bitsAllocated === 1) unsupported('Compression of single bits');
    checkEncodable(image, to);
  }
}

function checkDecodable(image: ImageDescription, from: string): void {
  if (!isEncapsulated(from)) return checkNative(image);
  const { kind, bitsAllocated } = image;
  const codec = codecOf(from);
  if (kind !== 'integer' || codec === undefined) unsupported('No codec reads this transfer syntax');
  if (bitsAllocated === 24 && codec !== 'rle') unsupported('24 bits a sample');
}

function unsupported(what: string): never {
  throw new PixelDataError('unsupported', what);
}
