import { normalize } from '../normalize.js';

/** A DICOM wildcard pattern as one of SQL's LIKE, whose own wildcards are escaped. */
export function likePattern(pattern: string): string {
  return pattern
    .replace(/[\\%_]/g, '\\$&')
    .replace(/\*+/g, '%')
    .replace(/\?/g, '_');
}

/**
 * A LIKE pattern that a normalised text (see normalize.ts) meets whenever the text itself meets the wildcard pattern, so
 * that an index on normalised text can be asked first. `?` becomes `%`, because normalising may change how many
 * characters there are; spaces beside a wildcard go, because normalising trims them.
 */
export function normalizedLikePattern(pattern: string): string {
  const parts = pattern.split(/ *[*?][*? ]*/).map((part) => likePattern(normalizePart(part)));
  return parts.join('%');
}

function normalizePart(part: string): string {
  return part.trim() === '' ? '' : normalize(part);
}
