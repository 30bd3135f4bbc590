import type dcmjsCodecs from 'dcmjs-codecs';
import { PixelDataError } from '../errors.js';
import { type Codestream } from './codestream.js';

type Codecs = typeof dcmjsCodecs;
let loading: Promise<Codecs> | undefined;

/** Loads the codecs: late, as most of what uses this library needs none. */
async function load(): Promise<Codecs> {
  const { default: codecs } = await import('dcmjs-codecs');
  codecs.log.setLevel('silent');
  return codecs;
}

/** The codecs of `dcmjs-codecs`. */
export type CodecName = 'Jpeg' | 'JpegLs' | 'Jpeg2000' | 'HtJpeg2000';

/** What an encoder is told; those that do not know it pass it over. */
export interface EncoderSettings {
  readonly lossy: boolean;
  /** JPEG: 1 to 100. */
  readonly quality?: number;
  /** JPEG: 0 for chrominance in full, 1 for half of the columns. */
  readonly sampleFactor?: number;
  /** JPEG-LS: by how much a sample may be off. */
  readonly allowedLossyError?: number;
  /** JPEG 2000: how many times smaller than the image. */
  readonly rate?: number;
  readonly progressionOrder?: number;
  /** JPEG 2000: whether red, green and blue become luminance and chrominance. */
  readonly allowMct?: number;
}

type Samples = Pick<Codestream, 'rows' | 'columns' | 'samplesPerPixel' | 'precision' | 'signed'>;

/**
 * Does something with the codecs, which live in a WebAssembly instance of this thread. After a failure that is given
 * up, as its memory is in no known state.
 */
async function withCodecs(failure: PixelDataError, task: (codecs: Codecs) => Uint8Array | undefined): Promise<Buffer> {
  const codecs = await (loading ??= load());
  const { NativeCodecs } = codecs;
  while (!NativeCodecs.isInitialized()) await NativeCodecs.initializeAsync();
  let result: Uint8Array | undefined;
  try {
    result = task(codecs);
  } catch {
    NativeCodecs.release();
  }
  if (!result) throw failure;
  return Buffer.from(result.buffer, result.byteOffset, result.byteLength);
}

function contextOf(samples: Samples): ConstructorParameters<Codecs['Context']>[0] {
  return {
    width: samples.columns,
    height: samples.rows,
    bitsAllocated: samples.precision > 8 ? 16 : 8,
    bitsStored: samples.precision,
    samplesPerPixel: samples.samplesPerPixel,
    pixelRepresentation: samples.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: samples.samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB',
  };
}

/**
 * The samples of a compressed frame, 8 bits each up to a precision of 8, else 16, little endian, without any conversion
 * of colours but the codestream's own.
 * @throws PixelDataError `codestream`
 */
export async function decodeWith(codec: CodecName, samples: Samples, bytes: Buffer): Promise<Buffer> {
  const failure = new PixelDataError('codestream', 'The compressed frame is damaged');
  const decoded = await withCodecs(failure, ({ Context, NativeCodecs }) => {
    const context = new Context({ ...contextOf(samples), encodedBuffer: bytes });
    return NativeCodecs[`decode${codec}`](context, {}).getDecodedBuffer();
  });
  const size = samples.rows * samples.columns * samples.samplesPerPixel * (samples.precision > 8 ? 2 : 1);
  if (decoded.length !== size) throw failure;
  return decoded;
}

/** Encodes samples as `decodeWith` gives them. @throws PixelDataError `unsupported` */
export function encodeWith(
  codec: CodecName,
  samples: Samples,
  data: Buffer,
  settings: EncoderSettings,
): Promise<Buffer> {
  return withCodecs(
    new PixelDataError('unsupported', 'The codec does not take such an image'),
    ({ Context, NativeCodecs }) => {
      const context = new Context({ ...contextOf(samples), decodedBuffer: data });
      return NativeCodecs[`encode${codec}`](context, settings).getEncodedBuffer();
    },
  );
}
