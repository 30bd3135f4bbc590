import { type Window } from '../pixels/image-description.js';

/** The values of VOI LUT Function (0028,1056) as PS3.18 section 8.3.5.1.4 writes them. */
export const WINDOW_FUNCTIONS = ['linear', 'linear-exact', 'sigmoid'] as const;

/** How a window turns values into grey (PS3.3 C.11.2.1.2 and C.11.2.1.3). */
export type WindowFunction = (typeof WINDOW_FUNCTIONS)[number];

/** A window with its function. */
export interface FunctionalWindow extends Window {
  readonly function: WindowFunction;
}

const WHITE = 255;
const { fround } = Math;

/** From rescaled values to grey of 8 bits, fractions included, in single precision as Orthanc reckons. A window may be as narrow as wanted, or turned round. */
export function windowFunction({ center, width, function: kind }: FunctionalWindow): (value: number) => number {
  if (kind === 'sigmoid') return (value) => WHITE / (1 + Math.exp((-4 * (value - center)) / width));
  const [middle, range] =
    kind === 'linear' ? [fround(center) - 0.5, fround(width) - 1] : [fround(center), fround(width)];
  const scale = fround(WHITE / range);
  return (value) => {
    if (value <= middle - range / 2) return 0;
    if (value > middle + range / 2) return WHITE;
    return fround(fround(fround(value - middle) * scale) + WHITE / 2);
  };
}
