import { OrthancError } from '../../http/errors/http-errors.js';

const LARGEST = 0xffffffff;

/**
 * The frames of a path, from 0 on, as often and in the order as they are asked for: `1,3,2`.
 * @throws OrthancError 400, as the plugin of Orthanc; 413 for more than `most`
 */
export function frameNumbers(text: string, most: number): readonly number[] {
  // before they are parted
  if (text.length > most * (String(LARGEST).length + 1)) throw tooMany(most);
  const parts = text.split(',');
  if (parts.length > most) throw tooMany(most);
  return parts.map(frameNumber);
}

/** All frames of an image that has so many, from 0 on. */
export function* allFrames(count: number): Generator<number, void> {
  for (let number = 0; number < count; number++) yield number;
}

function frameNumber(text: string): number {
  if (!/^-?\d{1,10}$/.test(text) || Number(text) > LARGEST) throw new OrthancError('BadFileFormat');
  if (Number(text) > 0) return Number(text) - 1;
  throw new OrthancError('ParameterOutOfRange', `Invalid frame number (must be > 0): ${text}`);
}

function tooMany(most: number): OrthancError {
  return new OrthancError('BadRequest', `The request is larger than the limit: a list of ${most} frames`, 413);
}
