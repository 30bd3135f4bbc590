import type { FractionalRegion, Rendering } from '@annal/dicom';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { Query } from '../../rest/resources/list-request.js';
import { decimalIn } from '../common/decimal.js';

/** Which picture of an object is wanted (PS3.18 section 9.5). */
export interface WadoPicture {
  /** From 0 on. */
  readonly frame: number;
  readonly rendering: Rendering;
  /** Of JPEG, 1 to 100. */
  readonly quality: number;
}

const DEFAULT_QUALITY = 90;
const LARGEST_SIZE = 0x7fffffff;

/** What would change the answer, and nobody here can do. */
const NOT_SERVED: ReadonlySet<string> = new Set(['anonymize', 'presentationUID', 'presentationSeriesUID']);

/**
 * Of what is given twice any counts: nobody is to take an answer for what it is not.
 * @param pairs all parameters, repeated ones too
 * @throws OrthancError 501 for what is not served
 */
export function checkServed(pairs: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of pairs) {
    if (!NOT_SERVED.has(name) || value === '' || (name === 'anonymize' && value === 'no')) continue;
    throw new OrthancError('NotImplemented', `WADO-URI: the parameter "${name}" is not served`);
  }
}

/** The parameters of a picture. @throws OrthancError 400 */
export function wadoPicture(query: Query): WadoPicture {
  return {
    frame: wholeNumber(query, 'frameNumber', 1, LARGEST_SIZE, 1) - 1,
    quality: wholeNumber(query, 'imageQuality', 1, 100, DEFAULT_QUALITY),
    rendering: {
      windowCenter: decimal(query, 'windowCenter'),
      windowWidth: decimal(query, 'windowWidth'),
      width: sizeIn(query, 'columns'),
      height: sizeIn(query, 'rows'),
      smooth: false,
      ...(given(query.region) && { region: regionIn(query.region!) }),
    },
  };
}

function sizeIn(query: Query, name: string): number | undefined {
  return given(query[name]) ? wholeNumber(query, name, 1, LARGEST_SIZE, 1) : undefined;
}

function wholeNumber(query: Query, name: string, low: number, high: number, absent: number): number {
  const text = query[name];
  if (!given(text)) return absent;
  const number = /^\d{1,10}$/.test(text!) ? Number(text) : NaN;
  if (number >= low && number <= high) return number;
  throw wrong(name, `a whole number from ${low} to ${high}`);
}

function decimal(query: Query, name: string): number | undefined {
  const text = query[name];
  if (!given(text)) return undefined;
  const number = decimalIn(text!);
  if (Number.isFinite(number)) return number;
  throw wrong(name, 'a number');
}

/** The corners from the left and top to the right and bottom (PS3.18 section 9.5.1.2.4.2). */
function regionIn(text: string): FractionalRegion {
  const [left = NaN, top = NaN, right = NaN, bottom = NaN, ...more] = text.split(',').map(decimalIn);
  const within = [left, top, right, bottom].every((number) => number >= 0 && number <= 1);
  if (within && more.length === 0 && left < right && top < bottom) return { left, top, right, bottom };
  throw wrong('region', 'xmin,ymin,xmax,ymax from 0.0 to 1.0');
}

function given(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

function wrong(name: string, wanted: string): OrthancError {
  return new OrthancError('ParameterOutOfRange', `WADO-URI: "${name}" must be ${wanted}`);
}
