/** Whether a client has what a tag names: `If-None-Match`, a list or `*` (RFC 9110 section 13.1.2). @param tag in quotes */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const given = ifNoneMatch.trim();
  if (given === '*') return true;
  return (given.match(/(?:W\/)?"[^"]*"/g) ?? []).some((each) => each.replace(/^W\//, '') === tag);
}
