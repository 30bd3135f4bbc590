import { inflateRawSync } from 'node:zlib';
import { DicomFormatError } from './errors.js';
import { INFLATE_RATIO_FROM, type TokenizerLimits } from './limits.js';

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** The inflated data set of a deflated file (PS3.5 annex A.5). Never more than the limits allow is held in memory. */
export function inflate(deflated: Buffer, limits: TokenizerLimits): Buffer {
  if (deflated.length === 0) return deflated;
  const byRatio = Math.max(INFLATE_RATIO_FROM, deflated.length * limits.maxInflateRatio);
  const maxOutputLength = Math.min(limits.maxInflatedSize, byRatio);
  try {
    return inflateRawSync(deflated, { maxOutputLength });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DicomFormatError('limit-inflated-size', 'The deflated DICOM data set is too large');
    }
    if (code === 'Z_BUF_ERROR') throw new DicomFormatError('truncated', 'The DICOM file is truncated');
    throw new DicomFormatError('inflate', 'The DICOM data set can not be inflated');
  }
}
