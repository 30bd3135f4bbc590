import { type DecodedFrame } from '../decoded-frame.js';
import { PixelDataError } from '../errors.js';
import { type ImageDescription } from '../image-description.js';
import { codecOf } from '../transfer-syntaxes.js';
import { checkCodestream, type Codestream } from './codestream.js';
import { jpeg2000Codestream, type Jpeg2000 } from './jpeg2000-header.js';
import { jpegCodestream } from './jpeg-header.js';
import { interleaved, photometricOfAll, plainSamples, unpackBits } from './native.js';
import { decodeRle } from './rle.js';
import { decodeWith } from './wasm.js';

/** Samples of 8 or 16 bits in more bits. */
function widen(data: Buffer, from: 1 | 2, to: 1 | 2 | 4, signed: boolean): Buffer {
  if (from === to) return data;
  const count = data.length / from;
  const wide = Buffer.alloc(count * to);
  for (let index = 0; index < count; index++) {
    const value = signed ? data.readIntLE(index * from, from) : data.readUIntLE(index * from, from);
    if (signed) wide.writeIntLE(value, index * to, to);
    else wide.writeUIntLE(value, index * to, to);
  }
  return wide;
}

/**
 * The samples of a JPEG 2000 codestream. The codec fails on signed ones of 8 bits and less: those are read as unsigned
 * ones, which differ by half of their range (ISO/IEC 15444-1 annex G.1).
 */
async function decodeJpeg2000({ bytes, header, highThroughput, ssiz }: Jpeg2000): Promise<Buffer> {
  const codec = highThroughput ? 'HtJpeg2000' : 'Jpeg2000';
  if (highThroughput || !header.signed || header.precision > 8) return decodeWith(codec, header, bytes);
  const unsigned = Buffer.from(bytes);
  for (let index = 0; index < header.samplesPerPixel; index++) unsigned[ssiz + 3 * index]! &= 0x7f;
  const samples = await decodeWith(codec, { ...header, signed: false }, unsigned);
  const half = 2 ** (header.precision - 1);
  for (let at = 0; at < samples.length; at++) samples[at]! -= half;
  return samples;
}

/** What only JPEG 2000 makes of colours, and its decoder undoes. */
const OF_JPEG_2000: ReadonlySet<string> = new Set(['YBR_ICT', 'YBR_RCT']);

/** What the samples are once the decoder is done with them (PS3.3 C.7.6.3.1.2). */
function photometricOf(codec: string, { photometric }: ImageDescription, { rgb, samplesPerPixel }: Codestream): string {
  if (samplesPerPixel !== 3) return photometric;
  if (rgb) return 'RGB';
  if (OF_JPEG_2000.has(photometric)) return codec === 'jpeg-2000' ? 'RGB' : photometric;
  return photometric.startsWith('YBR_') ? 'YBR_FULL' : photometric;
}

async function samplesOf(
  codec: 'jpeg' | 'jpeg-ls' | 'jpeg-2000',
  image: ImageDescription,
  bytes: Buffer,
): Promise<[Codestream, Buffer]> {
  if (codec === 'jpeg-2000') {
    const stream = jpeg2000Codestream(bytes);
    checkCodestream(stream.header, image);
    return [stream.header, await decodeJpeg2000(stream)];
  }
  const header = jpegCodestream(bytes);
  checkCodestream(header, image);
  return [header, await decodeWith(codec === 'jpeg' ? 'Jpeg' : 'JpegLs', header, bytes)];
}

function rleFrame(image: ImageDescription, bytes: Buffer): Buffer {
  const samples = decodeRle(image, bytes);
  return image.bitsAllocated === 1
    ? unpackBits(samples, 0, image.rows * image.columns * image.samplesPerPixel)
    : samples;
}

/**
 * Decodes a compressed frame; the bits of a sample beside its value stay as they are, where they were compressed too.
 * @throws PixelDataError `codestream` where it is damaged or another image, `unsupported`
 */
export async function compressedFrame(
  image: ImageDescription,
  transferSyntax: string,
  bytes: Buffer,
): Promise<DecodedFrame> {
  const { rows, columns, samplesPerPixel, kind } = image;
  const codec = codecOf(transferSyntax);
  if (!codec || kind !== 'integer') throw new PixelDataError('unsupported', 'No codec reads this transfer syntax');
  const bits = image.bitsAllocated === 1 ? 8 : image.bitsAllocated;
  const bitsStored = image.bitsStored;
  const signed = image.signed && image.bitsAllocated > 1;
  const frame = {
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated: bits,
    bitsStored,
    highBit: bitsStored - 1,
    signed,
    kind,
  };
  if (codec === 'rle') {
    const photometric = photometricOfAll(image);
    return { ...frame, highBit: image.highBit, photometric, data: rleFrame(image, bytes) };
  }
  if (bits > 32 || bits === 24) throw new PixelDataError('unsupported', 'Compressed samples of so many bits');
  const [header, samples] = await samplesOf(codec, image, bytes);
  const from = header.precision > 8 ? 2 : 1;
  const wide = widen(samples, from, (bits / 8) as 1 | 2 | 4, header.signed);
  const together = header.planar ? interleaved(wide, rows * columns, samplesPerPixel, bits / 8) : wide;
  // of fewer bits, their signs are still to be extended
  const data = header.precision > bitsStored ? together : plainSamples(together, frame);
  return { ...frame, photometric: photometricOf(codec, image, header), data };
}
