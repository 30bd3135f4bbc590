import type { CurrentMetadata } from '../ports/annotation-lookup.js';
import { revisionOf } from './revision.js';
import type { Expected } from './set-metadata/set-metadata.js';

/**
 * What a client knows of a value, as the fold compares it: by the offset of the event that set it, which no later value
 * has, and which says nothing of it.
 * @returns undefined: whatever there is; null: there is none; `conflict`: it is another one already
 */
export function expectedOffset(
  expected: Expected,
  current: CurrentMetadata | undefined,
): number | null | 'conflict' | undefined {
  if (expected === undefined) return undefined;
  // as in Orthanc, a revision of what is not there does not matter
  if (!current) return null;
  if (expected === 'unsaid') return 'conflict';
  const { number, md5 } = revisionOf(current.revision, current.value);
  return number === expected.number && md5 === expected.md5 ? current.position : 'conflict';
}
