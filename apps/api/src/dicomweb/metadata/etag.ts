import { createHash } from 'node:crypto';

/** A strong entity tag of everything that decides what an answer says (RFC 9110 section 8.8.3). */
export function entityTag(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return `"${hash.digest('base64url').slice(0, 32)}"`;
}
