import type { PictureType } from '../../pixels/encode-picture.js';

/** The forms in which pictures are sent, in the order in which they are offered. */
export const PICTURE_TYPES: readonly PictureType[] = ['image/png', 'image/jpeg', 'image/x-portable-arbitrarymap'];

interface Match {
  readonly type: PictureType;
  /** 2 for a whole type, 1 for all of a kind, 0 for anything. */
  readonly precision: number;
  readonly quality: number;
}

/**
 * The form that an `Accept` header asks for: the most precisely named one, among these the one of the highest quality
 * (RFC 9110 section 12.5.1, in Orthanc's reading); undefined for none of them.
 */
export function acceptedPicture(accept = '*/*'): PictureType | undefined {
  let best: Match | undefined;
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const type = PICTURE_TYPES.find((each) => matches(name, each));
    if (!type) continue;
    const match = { type, precision: precisionOf(name), quality: qualityOf(parameters) };
    if (!best || isBetter(match, best)) best = match;
  }
  return best?.type;
}

function matches(range: string, type: PictureType): boolean {
  return range === type || range === 'image/*' || range === '*/*';
}

function precisionOf(range: string): number {
  if (range === '*/*') return 0;
  return range.endsWith('/*') ? 1 : 2;
}

function qualityOf(parameters: readonly string[]): number {
  const parameter = parameters.find((each) => each.startsWith('q='));
  const quality = parameter === undefined ? 1 : Number(parameter.slice('q='.length));
  return Number.isNaN(quality) ? 1 : quality;
}

function isBetter(one: Match, other: Match): boolean {
  return one.precision === other.precision ? one.quality > other.quality : one.precision > other.precision;
}
