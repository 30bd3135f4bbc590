import { acceptedRanges, type MediaRange } from '@annal/dicomweb';
import type { PictureType } from '../../pixels/encode-picture.js';

/** How rendered frames are answered. */
export interface RenderedForm {
  readonly type: PictureType;
  /** All frames that are asked for, in parts; else one picture. */
  readonly multipart: boolean;
}

/** The forms of pictures, the default first (PS3.18 section 8.7.4). */
const TYPES: readonly PictureType[] = ['image/jpeg', 'image/png', 'image/gif'];
/** What clients write, though it is no media type. */
const OTHER_NAMES: Readonly<Record<string, PictureType>> = { 'image/jpg': 'image/jpeg' };
const MULTIPART = 'multipart/related';

interface Candidate extends RenderedForm {
  readonly quality: number;
  /** 2 for a whole type, 1 for all of a kind, 0 for anything. */
  readonly precision: number;
}

/**
 * The form that a client likes best: of the highest quality, among these the most precisely named, among these the first
 * (PS3.18 section 8.7.5); undefined when it takes none.
 * @param accept a list of media ranges; JPEG where there is none
 */
export function renderedForm(accept?: string): RenderedForm | undefined {
  const [best] = acceptedRanges(accept)
    .map(candidate)
    .filter((each): each is Candidate => each !== undefined)
    .sort((a, b) => b.quality - a.quality || b.precision - a.precision);
  return best && { type: best.type, multipart: best.multipart };
}

/** The single picture type that a media range stands for. */
export function pictureTypeOf(range: string): PictureType | undefined {
  return range === '*/*' || range === 'image/*'
    ? TYPES[0]
    : (OTHER_NAMES[range] ?? TYPES.find((type) => type === range));
}

function candidate({ type: range, parameters, quality }: MediaRange): Candidate | undefined {
  const multipart = range === MULTIPART;
  const name = multipart ? (parameters.get('type')?.toLowerCase() ?? '*/*') : range;
  const type = pictureTypeOf(name);
  return type && { type, multipart, quality, precision: name === '*/*' ? 0 : name === 'image/*' ? 1 : 2 };
}
