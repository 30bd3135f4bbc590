import { acceptedRanges } from '../http/accepted.js';
import type { MediaRange } from '../http/media-range.js';

/** How the answer of a search is written (PS3.18 section 8.7.3.2): DICOM JSON, or a part in Native DICOM XML for each. */
export type QidoForm = 'json' | 'xml';

const JSON_TYPES = new Set(['*/*', 'application/*', 'application/dicom+json', 'application/json']);

/** The best form that a client takes, JSON where it wants both as much; undefined: none. */
export function acceptedForm(accept: string | undefined): QidoForm | undefined {
  const ranges = acceptedRanges(accept).filter((range) => formOf(range) !== undefined);
  const best = ranges.filter(({ quality }) => quality === ranges[0]?.quality).map(formOf);
  return best.includes('json') ? 'json' : best[0];
}

function formOf({ type, parameters }: MediaRange): QidoForm | undefined {
  if (JSON_TYPES.has(type)) return 'json';
  const isXml = type === 'application/dicom+xml';
  const isXmlParts = type === 'multipart/related' && parameters.get('type')?.toLowerCase() === 'application/dicom+xml';
  return isXml || isXmlParts ? 'xml' : undefined;
}
