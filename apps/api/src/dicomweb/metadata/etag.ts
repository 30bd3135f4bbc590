import { createHash } from 'node:crypto';

/** A strong entity tag of everything that decides what an answer says (RFC 9110 section 8.8.3). */
export function entityTag(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return `"${hash.digest('base64url').slice(0, 32)}"`;
}

/** Whether a client has what a tag names: `If-None-Match`, a list or `*` (RFC 9110 section 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const given = ifNoneMatch.trim();
  if (given === '*') return true;
  return (given.match(/(?:W\/)?"[^"]*"/g) ?? []).some((each) => each.replace(/^W\//, '') === tag);
}
