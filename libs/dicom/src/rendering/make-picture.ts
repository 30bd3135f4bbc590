import { type ClippedType, clippedPicture } from './clipped.js';
import { type Picture } from './picture.js';
import { previewPicture } from './preview.js';
import { renderedPicture, type Rendering } from './rendered.js';
import { type ShownFrame } from './shown-frame.js';

/** Which picture of a frame is wanted. */
export type PictureRequest =
  { readonly kind: 'preview' } | { readonly kind: ClippedType } | ({ readonly kind: 'rendered' } & Rendering);

/** Makes a picture of a frame. @throws PixelDataError for frames of which there is no such picture */
export function makePicture(shown: ShownFrame, request: PictureRequest): Picture {
  if (request.kind === 'preview') return previewPicture(shown);
  if (request.kind === 'rendered') return renderedPicture(shown, request);
  return clippedPicture(shown, request.kind);
}
