import {
  decodeFrame,
  type DecodedFrame,
  type ImageDescription,
  type PixelDataCode,
  PixelDataError,
} from '@annal/dicom';
import { handedOver } from './handed-over.js';

/** A frame to decode. */
export interface DecodeTask {
  readonly image: ImageDescription;
  readonly transferSyntax: string;
  readonly bytes: Uint8Array;
  readonly firstBit: number;
}

/** Errors lose their class between threads. */
export interface Failure {
  readonly failure: PixelDataCode;
  readonly message: string;
}

/** Buffers become plain byte arrays between threads. */
export type DecodeOutcome = { readonly frame: Omit<DecodedFrame, 'data'> & { readonly data: Uint8Array } } | Failure;

/** Decodes in a thread of its own what would hold up the event loop. */
export default async function decode({ image, transferSyntax, bytes, firstBit }: DecodeTask): Promise<DecodeOutcome> {
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const frame = await decodeFrame(image, transferSyntax, encoded, firstBit);
    return handedOver<DecodeOutcome, Uint8Array>((data) => ({ frame: { ...frame, data } }), frame.data, bytes);
  } catch (error) {
    if (error instanceof PixelDataError) return { failure: error.code, message: error.message };
    throw error;
  }
}
