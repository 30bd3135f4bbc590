import { type Tag } from '../dataset.js';
import { type HeaderModel } from '../header/model.js';
import { numbersAt } from './header-numbers.js';

const FRAME_TIME: Tag = 0x00181063;
/** RecommendedDisplayFrameRate, CineRate: frames a second. */
const RATES: readonly Tag[] = [0x00082144, 0x00180040];
/** What is longer or shorter is a mistake, milliseconds. */
const [SHORTEST, LONGEST] = [1, 60_000];

/** How long each frame of an image is shown, milliseconds (PS3.3 C.7.6.5); undefined where it does not say. */
export function frameDuration({ dataset }: Pick<HeaderModel, 'dataset'>): number | undefined {
  const rates = RATES.map((tag) => 1000 / (numbersAt(dataset, tag)[0] ?? 0));
  return [numbersAt(dataset, FRAME_TIME)[0] ?? 0, ...rates].find((time) => time >= SHORTEST && time <= LONGEST);
}
