import { dicomJson, type DicomDictionary, type HeaderDataSet, type HeaderElement, type Tag } from '@annal/dicom';

/** So many instances are looked at. */
export const SAMPLES = 3;

/**
 * Elements that the majority of some data sets agree about, by tag: what all instances of a series, or of a study, are
 * then taken to have. Sequences and what is no part of metadata are not extrapolated.
 */
export function extrapolated(
  samples: readonly HeaderDataSet[],
  tags: ReadonlySet<Tag>,
  dictionary: DicomDictionary,
): ReadonlyMap<Tag, HeaderElement> {
  const agreed = new Map<Tag, HeaderElement>();
  for (const tag of tags) {
    const votes = new Map<string, number>();
    for (const sample of samples) {
      const element = sample.find(([each]) => each === tag);
      if (!element || !isShort(element)) continue;
      const text = dicomJson([element], { dictionary });
      const count = (votes.get(text) ?? 0) + 1;
      votes.set(text, count);
      if (count * 2 > samples.length) agreed.set(tag, element);
    }
  }
  return agreed;
}

function isShort([, vr, value]: HeaderElement): boolean {
  return vr !== 'SQ' && (typeof value === 'string' || value === null || Array.isArray(value));
}

/** The elements of these tags, and those that others have in place of what is missing, in ascending order. */
export function reduced(
  dataset: HeaderDataSet,
  tags: ReadonlySet<Tag>,
  extra: ReadonlyMap<Tag, HeaderElement>,
): HeaderDataSet {
  const own = dataset.filter(([tag]) => tags.has(tag));
  if (extra.size === 0) return own;
  const present = new Set(own.map(([tag]) => tag));
  return [...own, ...[...extra.values()].filter(([tag]) => !present.has(tag))].sort(([a], [b]) => a - b);
}
