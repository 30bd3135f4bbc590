/** A media range of an `Accept` header, or a media type (RFC 9110 sections 8.3.1 and 12.5.1). */
export interface MediaRange {
  /** In small letters, e.g. `multipart/related`, `image/*`. */
  readonly type: string;
  /** Without `q`, names in small letters, values without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0 (refused) to 1. */
  readonly quality: number;
}

/** The ranges of an `Accept` header in their order; commas and semicolons in quotes do not part them. */
export function parseAccept(header: string): readonly MediaRange[] {
  return splitOutsideQuotes(header, ',')
    .filter((range) => range.trim() !== '')
    .map(parseMediaType);
}

/** A media type with its parameters, as in `Content-Type`. */
export function parseMediaType(text: string): MediaRange {
  const [type = '', ...rest] = splitOutsideQuotes(text, ';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const mark = parameter.indexOf('=');
    if (mark < 0) continue;
    parameters.set(parameter.slice(0, mark).trim().toLowerCase(), unquoted(parameter.slice(mark + 1).trim()));
  }
  const quality = Number(parameters.get('q') ?? 1);
  parameters.delete('q');
  return { type: type.toLowerCase(), parameters, quality: quality >= 0 && quality <= 1 ? quality : 1 };
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') at++;
    else if (!quoted && character === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unquoted(value: string): string {
  const inner = /^"(.*)"$/s.exec(value)?.[1];
  return inner === undefined ? value : inner.replace(/\\(.)/gs, '$1');
}
