import { type FullTag, type OrthancTags, type TagFormat } from './orthanc-tags.js';

function isFull(tag: OrthancTags[string] | undefined): tag is FullTag {
  return typeof tag === 'object' && tag !== null && 'Type' in tag;
}

/**
 * The tags that have one and the same text in all instances, as `/shared-tags` prints them. The instances come in the
 * form `full`; sequences, binary and too long values are never shared.
 */
export function sharedTags(instances: Iterable<OrthancTags>, format: TagFormat): OrthancTags {
  let shared: Map<string, FullTag> | undefined;
  for (const tags of instances) {
    if (shared) {
      for (const [key, { Value }] of shared) {
        const tag = tags[key];
        if (!isFull(tag) || tag.Type !== 'String' || tag.Value !== Value) shared.delete(key);
      }
    } else {
      shared = new Map();
      for (const [key, tag] of Object.entries(tags)) if (isFull(tag) && tag.Type === 'String') shared.set(key, tag);
    }
  }
  return withFormat(shared ?? new Map<string, FullTag>(), format);
}

function withFormat(tags: ReadonlyMap<string, FullTag>, format: TagFormat): OrthancTags {
  if (format === 'full') return Object.fromEntries(tags);
  if (format === 'short') return Object.fromEntries([...tags].map(([key, { Value }]) => [key, Value]));
  const named = [...tags.values()].map(({ Name, Value }) => [Name, Value] as const);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
