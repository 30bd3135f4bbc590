import { type PixelDataCode, PixelDataError } from '@annal/dicom';
import { type ErrorName } from '../http/errors/error-codes.js';
import { OrthancError } from '../http/errors/http-errors.js';

const ANSWERS: Readonly<Record<PixelDataCode, readonly [ErrorName, status?: number]>> = {
  description: ['BadFileFormat'],
  'no-pixel-data': ['BadFileFormat'],
  'no-such-frame': ['ParameterOutOfRange'],
  location: ['BadFileFormat'],
  codestream: ['BadFileFormat'],
  unsupported: ['IncompatibleImageFormat'],
  limit: ['BadRequest', 413],
};

/** The answer where pixel data cannot be read or written; `reason` tells routes that answer otherwise what it was. */
export class FrameError extends OrthancError {
  constructor(
    readonly reason: PixelDataCode,
    details: string,
  ) {
    const [error, status] = ANSWERS[reason];
    super(error, details, status);
  }
}

/** Turns what `libs/dicom` throws into its answer; anything else stays as it is. */
export function frameError(error: unknown): unknown {
  return error instanceof PixelDataError ? new FrameError(error.code, error.message) : error;
}
