import type { ClippedType, Rendering } from '@annal/dicom';
import { BareStatus, notFound } from '../../http/errors/http-errors.js';
import type { Query } from '../resources/list-request.js';

/** What a picture shows of a frame. */
export type PictureKind = 'preview' | 'rendered' | ClippedType;

const MAXIMUM_INTEGER = 0x7fffffff;
const DEFAULT_QUALITY = 90;

/**
 * How a frame is to be rendered. What is no number is answered as by Orthanc, without an explanation.
 * @throws BareStatus 404 for wrong numbers, 415 for a wrong `smooth`
 */
export function renderingOf(query: Query): Rendering {
  return {
    windowCenter: realIn(query['window-center']),
    windowWidth: realIn(query['window-width']),
    width: sizeIn(query.width),
    height: sizeIn(query.height),
    smooth: switchIn(query.smooth),
  };
}

/** The quality of a JPEG, 90 where none is given. @throws BareStatus 415 unless it is a whole number from 1 to 100 */
export function qualityOf({ quality }: Query): number {
  if (quality === undefined) return DEFAULT_QUALITY;
  const number = /^\d{1,3}$/.test(quality) ? Number(quality) : 0;
  if (number < 1 || number > 100) throw new BareStatus(415);
  return number;
}

// a plus sign arrives as a space
const SIGNS = '[ +-]?';
const INTEGER = new RegExp(`^${SIGNS}\\d{1,10}$`);
const REAL = new RegExp(`^${SIGNS}(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+ -]?\\d+)?|nan|inf(?:inity)?)$`, 'i');

function sizeIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = INTEGER.test(text) ? Number(text) : NaN;
  if (!(size >= 0 && size <= MAXIMUM_INTEGER)) throw notFound();
  return size;
}

function realIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!REAL.test(text) || text.length > 64) throw notFound();
  const number = Number(
    text
      .replace(/^[ +]/, '')
      .replace(/inf(?:inity)?/i, 'Infinity')
      .replace(/ /, '+'),
  );
  if (!Number.isFinite(number) && /\d/.test(text)) throw notFound();
  return number;
}

function switchIn(text: string | undefined): boolean {
  if (text === undefined) return false;
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  throw new BareStatus(415);
}
