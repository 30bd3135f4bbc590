import { type DecodedFrame } from '../pixels/decoded-frame.js';
import { type ClippedType, clippedPicture } from './clipped.js';
import { type Picture } from './picture.js';
import { previewPicture } from './preview.js';
import { renderedPicture, renderedSize, type Rendering } from './rendered.js';
import { type ShownFrame } from './shown-frame.js';
import { webPicture, type WebRendering } from './web-picture.js';

/** Which picture of a frame is wanted. */
export type PictureRequest =
  | { readonly kind: 'preview' }
  | { readonly kind: ClippedType }
  | ({ readonly kind: 'rendered' } & Rendering)
  | ({ readonly kind: 'web' } & WebRendering);

/** Makes a picture of a frame. @throws PixelDataError for frames of which there is no such picture */
export function makePicture(shown: ShownFrame, request: PictureRequest): Picture {
  if (request.kind === 'preview') return previewPicture(shown);
  if (request.kind === 'rendered') return renderedPicture(shown, request);
  if (request.kind === 'web') return webPicture(shown, request);
  return clippedPicture(shown, request.kind);
}

/** The size of the picture that would be made, pixels. */
export function pictureSize(
  frame: Pick<DecodedFrame, 'columns' | 'rows'>,
  request: PictureRequest,
): Pick<Picture, 'width' | 'height'> {
  if (request.kind === 'rendered') return renderedSize(frame, request);
  if (request.kind === 'web' && request.viewport) return request.viewport;
  return { width: frame.columns, height: frame.rows };
}
