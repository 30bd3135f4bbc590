import type { PixelDataCode } from '@annal/dicom';
import { ERROR_CODES, type ErrorName } from '../../http/errors/error-codes.js';
import { BareStatus, notFound, OrthancError } from '../../http/errors/http-errors.js';
import { FrameError, frameError } from '../../pixels/frame-error.js';

/** Orthanc's words, where they are others than ours. */
const EXPLANATIONS: Partial<Record<PixelDataCode, (details: string | undefined) => OrthancError>> = {
  'no-such-frame': () => new OrthancError('ParameterOutOfRange'),
  description: () => new OrthancError('NotImplemented', undefined, 500),
  unsupported: (details) => new OrthancError('NotImplemented', details, 500),
};

/**
 * Does something with pixels whose failures are explained as Orthanc explains them: where the image is none that can be
 * read, by 500.
 * @param missing what is said where there is no pixel data
 * @throws OrthancError
 */
export async function explainingPixelErrors<R>(task: () => Promise<R>, missing?: string): Promise<R> {
  try {
    return await task();
  } catch (caught) {
    const error = frameError(caught);
    if (!(error instanceof FrameError)) throw error;
    if (error.reason === 'no-pixel-data') throw new OrthancError('BadFileFormat', missing);
    throw EXPLANATIONS[error.reason]?.(error.details) ?? error;
  }
}

/**
 * Makes a picture. What is no picture is 415, without an explanation, or leads to a placeholder; an instance or a frame that
 * is not there is 404.
 * @param placeholder where clients are sent for one, if they want that
 * @throws HttpError
 */
export async function answeringAsPicture<R>(task: () => Promise<R>, placeholder?: string): Promise<R> {
  try {
    return await task();
  } catch (error) {
    if (isOf(error, 'UnknownResource') || isOf(error, 'ParameterOutOfRange')) throw notFound();
    if (!isNoPicture(error)) throw error;
    throw placeholder === undefined ? new BareStatus(415) : new BareStatus(307, { Location: placeholder });
  }
}

function isNoPicture(error: unknown): boolean {
  if (error instanceof BareStatus) return error.status === 415;
  return error instanceof FrameError && error.reason !== 'limit';
}

function isOf(error: unknown, name: ErrorName): boolean {
  return error instanceof OrthancError && error.code === ERROR_CODES[name][0];
}
