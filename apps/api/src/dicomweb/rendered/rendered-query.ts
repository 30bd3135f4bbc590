import { type FunctionalWindow, type Viewport, WINDOW_FUNCTIONS, type WindowFunction } from '@annal/dicom';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { Query } from '../../rest/resources/list-request.js';
import { decimalIn } from '../common/decimal.js';

/** How a frame is to be rendered (PS3.18 section 8.3.5). */
export interface RenderedQuery {
  readonly window?: FunctionalWindow;
  readonly viewport?: Viewport;
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
}

const DEFAULT_QUALITY = 90;
/** The widest and highest viewport that is read as a number; which are served is the matter of `MaxPictureSize`. */
const LARGEST = 0xffffffff;
/** Of the value that is wrong, so much is repeated. */
const REPEATED = 100;

/** The parameters of a request. @throws OrthancError 400, in the words of Orthanc's plugin */
export function renderedQuery({ window, viewport, quality }: Query): RenderedQuery {
  return {
    ...(window !== undefined && { window: windowIn(window) }),
    ...(viewport !== undefined && { viewport: viewportIn(viewport) }),
    quality: quality === undefined ? DEFAULT_QUALITY : qualityIn(quality),
  };
}

/** What has no effect on pictures, though a client asks for it; for the header `Warning`. */
export function ignoredParameters({ annotation, iccprofile }: Query): readonly string[] {
  const ignored: string[] = [];
  if (annotation !== undefined && annotation !== '') ignored.push('annotation');
  if (iccprofile !== undefined && iccprofile !== 'no') ignored.push('iccprofile');
  return ignored;
}

function windowIn(text: string): FunctionalWindow {
  const [center = '', width = '', kind = '', ...more] = text.split(',');
  if (text.split(',').length < 3 || more.length > 0) throw wrong('The number arguments to', 'window', 'must be 3');
  const numbers = [numberIn(center), numberIn(width)];
  if (numbers.includes(undefined)) {
    throw wrong('The first and second arguments to', 'window', `must be floats: ${repeated(text)}`);
  }
  if (!isFunction(kind)) {
    throw wrong('The third argument to', 'window', `must be linear, linear-exact or sigmoid: ${repeated(kind)}`);
  }
  return { center: numbers[0]!, width: numbers[1]!, function: kind };
}

function isFunction(text: string): text is WindowFunction {
  return (WINDOW_FUNCTIONS as readonly string[]).includes(text);
}

function viewportIn(text: string): Viewport {
  const [width = '', height = '', ...region] = text.split(',');
  if (region.length !== 0 && region.length !== 4) throw viewportCount();
  if (height === '' && region.length === 0) throw viewportCount();
  const [left, top, regionWidth, regionHeight] = region.map(regionNumber);
  return {
    width: sizeIn(width),
    height: sizeIn(height),
    ...(left !== undefined && { left }),
    ...(top !== undefined && { top }),
    ...(regionWidth !== undefined && { regionWidth }),
    ...(regionHeight !== undefined && { regionHeight }),
  };
}

function viewportCount(): OrthancError {
  return wrong('The number arguments to', 'viewport', 'must be 2 or 6');
}

function sizeIn(text: string): number {
  const size = /^[ +-]?\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (size < 0) throw wrong('Negative values disallowed for', 'viewport', '', repeated(text));
  if (!(size > 0 && size <= LARGEST)) throw wrong('Out-of-range value for', 'viewport', '', repeated(text));
  return size;
}

/** A part of the region; left out: the default. */
function regionNumber(text: string): number | undefined {
  if (text === '') return undefined;
  const number = numberIn(text);
  if (number === undefined) throw wrong('Out-of-range value for', 'viewport', '', repeated(text));
  return number;
}

/** A number that can be had, as a float. */
function numberIn(text: string): number | undefined {
  const number = Math.fround(decimalIn(text));
  return Number.isFinite(number) ? number : undefined;
}

function qualityIn(text: string): number {
  const quality = /^[ +]?\d{1,3}$/.test(text) ? Number(text) : 0;
  if (quality >= 1 && quality <= 100) return quality;
  throw wrong('The value of', 'quality', 'must be between 1 and 100, found', repeated(text));
}

function wrong(before: string, parameter: string, after: string, found?: string): OrthancError {
  const sentence = `${before} "${parameter}" in WADO-RS Retrieve Rendered Transaction ${after}`.trimEnd();
  return new OrthancError('ParameterOutOfRange', found === undefined ? sentence : `${sentence}: ${found}`);
}

function repeated(text: string): string {
  return text.slice(0, REPEATED);
}
