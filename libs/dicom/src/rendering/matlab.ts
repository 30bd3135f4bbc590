import { rgbOf } from './colours.js';
import { type Samples, samplesOf } from './samples.js';
import { isColour, type ShownFrame } from './shown-frame.js';

/**
 * The stored values of a frame as an expression for Octave or Matlab, a matrix of rows and columns, of colours an array
 * of rows, columns and channels; a row of pixels at a time.
 * @throws PixelDataError for what is neither grey nor in colour
 */
export function* matlabText(shown: ShownFrame): Generator<string, void> {
  const { rows, columns } = shown.frame;
  if (isColour(shown.frame)) {
    yield 'double(permute(reshape([ ';
    for (const row of rowsOf(rgbOf(shown), rows)) yield `${row} `;
    yield `], [ 3 ${columns} ${rows} ]), [ 3 2 1 ]))`;
    return;
  }
  yield 'double([ ';
  let first = true;
  for (const row of rowsOf(samplesOf(shown.frame), rows)) {
    yield first ? row : ` ; ${row}`;
    first = false;
  }
  yield ' ])';
}

function* rowsOf(samples: Samples, rows: number): Generator<string, void> {
  const length = samples.length / rows;
  for (let at = 0; at < samples.length; at += length) yield samples.subarray(at, at + length).join(' ');
}
