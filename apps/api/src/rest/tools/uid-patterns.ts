import { matches } from '@annal/projections';

/** Whether a UID matches one of the patterns, in which `*` stands for any text and `?` for one character. */
export function uidMatcher(patterns: readonly string[]): (uid: string) => boolean {
  return (uid) => patterns.some((pattern) => matches({ kind: 'wildcard', pattern }, uid, true));
}
