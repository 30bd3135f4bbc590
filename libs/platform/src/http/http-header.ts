const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What is said of headers that are none. Quotes none of them: they may be secrets that got into the wrong place. */
export const NO_HTTP_HEADER =
  'HttpHeaders has what is no header of HTTP: names are tokens, values have no line breaks nor other control characters, ' +
  'and nothing beyond Latin-1';

/** Whether all of them can be sent as headers (RFC 9110 sections 5.1 and 5.5). */
export function areHttpHeaders(headers: Readonly<Record<string, string>>): boolean {
  return Object.entries(headers).every(([name, value]) => NAME.test(name) && VALUE.test(value));
}
