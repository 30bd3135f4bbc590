import type { DicomDictionary } from '@annal/dicom';

/** An attribute as a query names it (PS3.18 section 8.3.4): its tag behind those of the sequences that lead to it. */
export type AttributePath = readonly number[];

/**
 * Reads keywords or tags (`ggggeeee`, `gggg,eeee`, `gggg-eeee`) joined by dots.
 * @returns undefined where the dictionary knows one of the keywords not
 */
export function parseAttributePath(text: string, dictionary: DicomDictionary): AttributePath | undefined {
  const tags = text.split('.').map((name) => dictionary.parseTag(name)?.tag);
  return tags.includes(undefined) ? undefined : (tags as AttributePath);
}

/** The name of a path: that of another one only where both are the same. */
export function pathName(path: AttributePath): string {
  return path.map((tag) => tag.toString(16)).join('.');
}
