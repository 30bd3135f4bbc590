import { makePicture, matlabText, numpyFrame, type Picture, type PictureRequest, type ShownFrame } from '@annal/dicom';

/** What is to be made of a frame, and of which kind it is. */
export type RenderTask =
  | { readonly make: 'picture'; readonly request: PictureRequest }
  | { readonly make: 'numbers'; readonly rescaled: boolean }
  | { readonly make: 'matlab' };

/** What comes of it. */
export interface RenderResults {
  readonly picture: Picture;
  /** Little endian, row by row. */
  readonly numbers: Uint8Array;
  readonly matlab: Uint8Array;
}

/** Does the work. Takes its time with large frames. @throws PixelDataError */
export function render(shown: ShownFrame, task: RenderTask): RenderResults[keyof RenderResults] {
  if (task.make === 'picture') return makePicture(shown, task.request);
  if (task.make === 'numbers') return numpyFrame(shown, task.rescaled);
  return Buffer.concat(Array.from(matlabText(shown), (text) => Buffer.from(text, 'latin1')));
}
