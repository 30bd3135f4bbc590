import type { FullTag, OrthancTags, TagFormat } from '@annal/dicom';

/** Tags in the form `full` in another form. */
export function convertTags(tags: OrthancTags, format: TagFormat): OrthancTags {
  if (format === 'full') return tags;
  return Object.fromEntries(
    Object.entries(tags).map(([key, tag]) => {
      const { Name, Value } = tag as FullTag;
      const value = Array.isArray(Value)
        ? (Value as readonly OrthancTags[]).map((item) => convertTags(item, format))
        : Value;
      return [format === 'short' ? key : Name, value];
    }),
  );
}
