import { OrthancError } from '../../http/errors/http-errors.js';
import type { Query } from '../resources/list-request.js';

const LARGEST = 0xffffffff;

/** What `transcode` and `lossy-quality` of a query ask for. */
export interface TranscodeRequest {
  readonly syntax: string;
  /** Beyond 1 to 100 the nearest of these is meant; undefined: as configured. */
  readonly quality?: number;
}

/** A quality as it is written in a query. @throws OrthancError 400 */
export function lossyQuality(text: string): number {
  // Orthanc takes nothing for 0
  const quality = text === '' ? 0 : /^\d{1,10}$/.test(text) ? Number(text) : Infinity;
  if (quality <= LARGEST) return quality;
  const details = `Expected a Unsigned Int for GET argument "lossy-quality", found: ${text}`;
  throw new OrthancError('ParameterOutOfRange', details);
}

/** Undefined where no other transfer syntax is asked for. @throws OrthancError 400 */
export function transcodeRequest({ transcode, 'lossy-quality': quality }: Query): TranscodeRequest | undefined {
  if (transcode === undefined) return undefined;
  return { syntax: transcode, ...(quality !== undefined && { quality: lossyQuality(quality) }) };
}
