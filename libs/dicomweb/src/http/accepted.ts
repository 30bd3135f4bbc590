import { type MediaRange, parseAccept, parseMediaType } from './media-range.js';

const ANYTHING = parseMediaType('*/*');
/** No space can be within a type: it was a `+`. */
const SPACE_IN_TYPE = /(?<=\/[\w.-]+) (?=\w)/g;

/**
 * What a client accepts, best first: by quality, then named types in front of wildcards, then in their order; what it
 * refuses by `q=0` is left out. Who says nothing accepts anything (RFC 9110 section 12.5.1).
 *
 * @param accept the value of the header
 */
export function acceptedRanges(accept: string | undefined): readonly MediaRange[] {
  const ranges = parseAccept(accept ?? '');
  if (ranges.length === 0) return [ANYTHING];
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || specificity(b) - specificity(a));
}

/** The first answer to a range that the client accepts; undefined where there is none. */
export function negotiate<T>(accept: string | undefined, answer: (range: MediaRange) => T | undefined): T | undefined {
  for (const range of acceptedRanges(accept)) {
    const found = answer(range);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * `Accept` of a request, or the query parameter of that name in its place, for clients that cannot say what the header says
 * (PS3.18 section 8.3.3.1). An empty one says nothing; a `+` in it may stand as it is, though forms write spaces so.
 */
export function acceptOf(header: string | undefined, parameter: string | undefined): string | undefined {
  return parameter === undefined || parameter.trim() === '' ? header : parameter.replace(SPACE_IN_TYPE, '+');
}

/** The media type within `multipart/related`, with its transfer syntax, wherever that stands. */
export interface WantedPart {
  /** In small letters; the range itself where it is no multipart type; any type where nothing is said. */
  readonly type: string;
  /** UID or `*`. */
  readonly transferSyntax?: string;
  readonly multipart: boolean;
}

/** What a range asks for (PS3.18 sections 8.7.3.3 and 8.7.8): `type="image/jp2; transfer-syntax=…"` is taken too. */
export function wantedPart(range: MediaRange): WantedPart {
  const multipart = range.type === 'multipart/related' || range.type === 'multipart/*' || range.type === '*/*';
  const inner = multipart ? parseMediaType(range.parameters.get('type') ?? '*/*') : range;
  const transferSyntax = range.parameters.get('transfer-syntax') ?? inner.parameters.get('transfer-syntax');
  return {
    type: inner.type,
    multipart,
    ...(transferSyntax !== undefined && transferSyntax !== '' && { transferSyntax }),
  };
}

function specificity({ type }: MediaRange): number {
  return type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2;
}
