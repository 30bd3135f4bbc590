import type { FullTag, OrthancTags, TagFormat } from '@annal/dicom';

/** Tags in the form `full` in another form, keys in alphabetical order. */
export function convertTags(tags: OrthancTags, format: TagFormat): OrthancTags {
  const entries = Object.entries(tags).map(([key, tag]): [string, OrthancTags[string]] => {
    if (format === 'full') return [key, tag];
    const { Name, Value } = tag as FullTag;
    const value = Array.isArray(Value)
      ? (Value as readonly OrthancTags[]).map((item) => convertTags(item, format))
      : Value;
    return [format === 'short' ? key : Name, value];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
