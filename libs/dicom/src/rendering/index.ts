export { type ClippedType } from './clipped.js';
export { makePicture, type PictureRequest } from './make-picture.js';
export { matlabText } from './matlab.js';
export { numpyFormat, type NumpyFormat, numpyFrame, numpyFrameSize, numpyHeader, type NumpyType } from './numpy.js';
export { pamFile } from './pam.js';
export { type Picture } from './picture.js';
export { defaultWindow, type Rendering } from './rendered.js';
export { fittingSize } from './resize.js';
export { isColour, type ShownFrame, shownFrame } from './shown-frame.js';
