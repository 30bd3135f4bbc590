import { type EncodedFrame, type FrameTarget, PixelDataError, transcodeFrame } from '@annal/dicom';
import { type DecodeTask, type Failure } from './decode-thread.js';
import { handedOver } from './handed-over.js';

/** A frame to be put into another transfer syntax. */
export interface TranscodeTask extends DecodeTask {
  readonly target: FrameTarget;
}

/** Buffers become plain byte arrays between threads. */
export type TranscodeOutcome =
  { readonly frame: Omit<EncodedFrame, 'bytes'> & { readonly bytes: Uint8Array } } | Failure;

/** Decodes and encodes in a thread of its own what would hold up the event loop. */
export default async function transcode(task: TranscodeTask): Promise<TranscodeOutcome> {
  const { image, transferSyntax, bytes, firstBit, target } = task;
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const frame = await transcodeFrame(image, transferSyntax, encoded, firstBit, target);
    return handedOver<TranscodeOutcome, Uint8Array>((own) => ({ frame: { ...frame, bytes: own } }), frame.bytes, bytes);
  } catch (error) {
    if (error instanceof PixelDataError) return { failure: error.code, message: error.message };
    throw error;
  }
}
