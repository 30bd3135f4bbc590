import { notFound, OrthancError } from '../../http/errors/http-errors.js';

const LARGEST = 0xffffffff;

/** The number of a frame in a path, from 0 on; negative ones, which no image has, are left to be found. @throws BareStatus 404 */
export function frameNumber(text = '0'): number {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  if (!(Math.abs(number) <= LARGEST)) throw notFound();
  return number + 0;
}

/** As `frameNumber`, where an explanation is given, and spaces around it mean nothing. @throws OrthancError 400 */
export function explainedFrameNumber(text: string): number {
  const number = /^\s*\+?\d+\s*$/.test(text) ? Number(text) : NaN;
  if (!(number <= LARGEST)) {
    throw new OrthancError('ParameterOutOfRange', 'Expected an unsigned integer for the "frame" argument');
  }
  return number;
}
