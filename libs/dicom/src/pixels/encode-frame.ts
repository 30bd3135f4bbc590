import { jpeg2000Codestream } from './codecs/jpeg2000-header.js';
import { encodeRle } from './codecs/rle.js';
import { type CodecName, type EncoderSettings, encodeWith } from './codecs/wasm.js';
import { canBeRgb, rgbFrame } from './colour.js';
import { type DecodedFrame } from './decoded-frame.js';
import { PixelDataError } from './errors.js';
import { type ImageDescription } from './image-description.js';
import { isEncapsulated } from './transfer-syntaxes.js';

/** A frame as a codec made it, and what of the description of the image it changes (PS3.5 section 8.2). */
export interface EncodedFrame {
  readonly bytes: Buffer;
  readonly photometric: string;
  /** Of images with several samples. */
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
}

/** How a transfer syntax is made. */
interface Encoding {
  readonly codec: CodecName | 'Rle';
  readonly lossy: boolean;
  readonly progressionOrder?: number;
}

const RPCL = 2;
/** Bits of a sample in lossy JPEG as it is made here, however few the image has (PS3.5 section 8.2.1). */
const LOSSY_JPEG_BITS = 8;
/** By how much a sample may be off in near-lossless JPEG-LS: what DCMTK takes; twice as much at the ends of a signed range. */
const NEAR_LOSSLESS = 2;
const HALF_CHROMINANCE = 1;
/** Where Adobe's marker says what was done to the colours, from its name on (ISO/IEC 10918-6 section 6.5.3). */
const ADOBE_TRANSFORM = 11;

const ENCODINGS: Readonly<Record<string, Encoding>> = {
  '1.2.840.10008.1.2.4.50': { codec: 'Jpeg', lossy: true },
  '1.2.840.10008.1.2.4.51': { codec: 'Jpeg', lossy: true },
  '1.2.840.10008.1.2.4.57': { codec: 'Jpeg', lossy: false },
  '1.2.840.10008.1.2.4.70': { codec: 'Jpeg', lossy: false },
  '1.2.840.10008.1.2.4.80': { codec: 'JpegLs', lossy: false },
  '1.2.840.10008.1.2.4.81': { codec: 'JpegLs', lossy: true },
  '1.2.840.10008.1.2.4.90': { codec: 'Jpeg2000', lossy: false },
  '1.2.840.10008.1.2.4.91': { codec: 'Jpeg2000', lossy: true },
  '1.2.840.10008.1.2.4.201': { codec: 'HtJpeg2000', lossy: false },
  '1.2.840.10008.1.2.4.202': { codec: 'HtJpeg2000', lossy: false, progressionOrder: RPCL },
  '1.2.840.10008.1.2.4.203': { codec: 'HtJpeg2000', lossy: true },
  '1.2.840.10008.1.2.5': { codec: 'Rle', lossy: false },
};

/** Whether frames can be compressed for a transfer syntax. */
export function canEncode(transferSyntax: string): boolean {
  return transferSyntax in ENCODINGS;
}

/** Whether compressing for a transfer syntax loses something of the pixels. */
export function isLossyEncoding(transferSyntax: string): boolean {
  return ENCODINGS[transferSyntax]?.lossy ?? false;
}

/** Whether a transfer syntax has all allocated bits of a sample, those beside the value too (PS3.5 section 8.1.1, annex G). */
export function keepsAllBits(transferSyntax: string): boolean {
  return !isEncapsulated(transferSyntax) || ENCODINGS[transferSyntax]?.codec === 'Rle';
}

function unsupported(what: string): never {
  throw new PixelDataError('unsupported', what);
}

function encodingFor(transferSyntax: string): Encoding {
  return ENCODINGS[transferSyntax] ?? unsupported('The transfer syntax');
}

/** The samples in 8 bits each where no more are stored, else in 16; signs only where the codec knows of them. */
function forCodec(frame: DecodedFrame, keepSign: boolean): Buffer {
  const { data, bitsAllocated, bitsStored, signed } = frame;
  const [from, to] = [bitsAllocated / 8, bitsStored > 8 ? 2 : 1];
  if (from === to && (bitsStored === to * 8 || !signed || keepSign)) return data;
  const mask = signed && keepSign ? 2 ** (to * 8) - 1 : 2 ** bitsStored - 1;
  const samples = Buffer.allocUnsafe((data.length / from) * to);
  for (let index = 0; index < data.length / from; index++) {
    const value = (from === 1 ? data[index]! : data.readUInt16LE(index * from)) & mask;
    if (to === 1) samples[index] = value;
    else samples.writeUInt16LE(value, index * 2);
  }
  return samples;
}

/** Below, quantization takes more than the 8 bits that baseline JPEG has (ISO/IEC 10918-1 table B.4). */
const LOWEST_JPEG_QUALITY = 24;

/** How many times smaller a lossy JPEG 2000 frame becomes, by its quality of 1 to 100. */
function rateOf(quality: number): number {
  return 101 - quality;
}

function photometricOf(codec: CodecName, lossy: boolean, { samplesPerPixel, photometric }: DecodedFrame): string {
  if (samplesPerPixel !== 3) return photometric;
  if (codec === 'Jpeg' && lossy) return 'YBR_FULL_422';
  if (photometric !== 'RGB' || (codec !== 'Jpeg2000' && codec !== 'HtJpeg2000')) return photometric;
  return lossy ? 'YBR_ICT' : 'YBR_RCT';
}

/** What of a frame, or of the image that it is of, decides whether an encoder takes it. */
type Encodable = Pick<DecodedFrame, 'bitsStored' | 'samplesPerPixel' | 'photometric' | 'signed' | 'kind'>;

/**
 * What an encoder takes; everything else would come out as another image.
 * @throws PixelDataError `unsupported`
 */
export function checkEncodable(frame: Encodable, transferSyntax: string): void {
  const { codec, lossy } = encodingFor(transferSyntax);
  if (codec === 'Rle') return;
  const { bitsStored, samplesPerPixel, photometric, signed, kind } = frame;
  if (kind !== 'integer' || bitsStored > 16) unsupported('Samples that no codec takes');
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) unsupported('A number of samples that no codec takes');
  if (lossy && photometric === 'PALETTE COLOR') unsupported('Lossy compression of palette indices');
  if (codec !== 'Jpeg' || !lossy) return;
  if (bitsStored > 8 || signed) unsupported('JPEG of more than 8 bits, or with signs');
  if (samplesPerPixel === 3 && !canBeRgb(frame)) unsupported('Lossy JPEG of the colour model');
}

/** An overlay in the pixels must not get lost on the way to another transfer syntax. @throws PixelDataError `unsupported` */
export function checkOverlays({ embeddedOverlay }: ImageDescription, transferSyntax: string): void {
  if (embeddedOverlay && !keepsAllBits(transferSyntax)) unsupported('Compression without the overlay in the pixels');
}

/** Signed samples as unsigned ones, half of their range higher. */
function lifted(samples: Buffer, bitsStored: number): Buffer {
  const half = 2 ** (bitsStored - 1);
  return Buffer.from(samples.map((value) => (value + half) & 0xff));
}

/**
 * Signed samples away from the ends of their range: the codec takes them for unsigned ones, of which those ends are
 * neighbours, and near-lossless compression may turn one into the other.
 */
function awayFromEnds(samples: Buffer, bitsStored: number): Buffer {
  const half = 2 ** (bitsStored - 1);
  const [highest, lowest] = [half - 1 - NEAR_LOSSLESS, half + NEAR_LOSSLESS];
  const moved = Buffer.from(samples);
  const values = bitsStored > 8 ? new Uint16Array(moved.buffer, moved.byteOffset, moved.length / 2) : moved;
  values.forEach((value, index) => {
    if (value > highest && value < half) values[index] = highest;
    else if (value >= half && value < lowest) values[index] = lowest;
  });
  return moved;
}

/** Says of the samples of a JPEG 2000 codestream that they are signed: the other way round than it was read. */
function asSigned(codestream: Buffer, samples: number): Buffer {
  const { ssiz } = jpeg2000Codestream(codestream);
  for (let index = 0; index < samples; index++) codestream[ssiz + 3 * index]! |= 0x80;
  return codestream;
}

/** Lossless JPEG of luminance and chrominance: the encoder takes everything for red, green and blue, and says so. */
function asTransformed(jpeg: Buffer): Buffer {
  const adobe = jpeg.indexOf('Adobe', 0, 'latin1');
  if (adobe > 0) jpeg[adobe + ADOBE_TRANSFORM] = 1;
  return jpeg;
}

/**
 * Compresses a frame. Takes its time: for threads.
 *
 * @param quality of lossy compression, 1 to 100
 * @throws PixelDataError `unsupported` where nothing here does it
 */
export async function encodeFrame(frame: DecodedFrame, transferSyntax: string, quality: number): Promise<EncodedFrame> {
  const { codec, lossy, progressionOrder } = encodingFor(transferSyntax);
  checkEncodable(frame, transferSyntax);
  const { bitsAllocated } = frame;
  if (codec === 'Rle') {
    const { data, photometric, bitsStored, highBit } = frame;
    return {
      bytes: encodeRle(frame, data),
      photometric,
      planarConfiguration: 1,
      bitsAllocated,
      bitsStored,
      highBit,
    };
  }
  const lossyJpeg = codec === 'Jpeg' && lossy;
  const source = lossyJpeg ? rgbFrame(frame) : frame;
  const jpeg2000 = codec === 'Jpeg2000' || codec === 'HtJpeg2000';
  const { bitsStored, samplesPerPixel, signed } = source;
  const small = codec === 'Jpeg2000' && signed && bitsStored <= 8;
  let samples = small ? lifted(forCodec(source, true), bitsStored) : forCodec(source, jpeg2000);
  if (codec === 'JpegLs' && lossy && signed) samples = awayFromEnds(samples, bitsStored);
  const settings: EncoderSettings = {
    lossy,
    quality: Math.max(LOWEST_JPEG_QUALITY, quality),
    sampleFactor: HALF_CHROMINANCE,
    allowedLossyError: NEAR_LOSSLESS,
    rate: rateOf(quality),
    allowMct: source.photometric === 'RGB' ? 1 : 0,
    ...(progressionOrder !== undefined && { progressionOrder }),
  };
  const { rows, columns } = source;
  const precision = lossyJpeg ? LOSSY_JPEG_BITS : bitsStored;
  const described = { rows, columns, samplesPerPixel, precision, signed: jpeg2000 && signed && !small };
  const bytes = await encodeWith(codec, described, samples, settings);
  const photometric = photometricOf(codec, lossy, source);
  if (small) asSigned(bytes, samplesPerPixel);
  if (codec === 'Jpeg' && photometric === 'YBR_FULL') asTransformed(bytes);
  return {
    bytes,
    photometric,
    planarConfiguration: 0,
    bitsAllocated: lossyJpeg ? LOSSY_JPEG_BITS : bitsAllocated,
    bitsStored: precision,
    highBit: precision - 1,
  };
}
