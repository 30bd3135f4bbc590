import { type Tag } from '../dataset.js';
import { isPrivate, isPrivateCreator, privateCreatorTag } from '../dictionary/tag-text.js';
import { type HeaderDataSet } from './model.js';

/** Finds the creator of a private element among the creators of its own data set (PS3.5 section 7.8.1). */
export type CreatorLookup = (tag: Tag) => string | undefined;

const none: CreatorLookup = () => undefined;

/** The creators that a data set declares. */
export function privateCreatorsOf(dataset: HeaderDataSet): CreatorLookup {
  let creators: Map<Tag, string> | undefined;
  for (const [tag, vr, value] of dataset) {
    if (isPrivateCreator(tag) && vr !== 'UN' && typeof value === 'string' && value !== '') {
      (creators ??= new Map()).set(tag, value);
    }
  }
  const found = creators;
  if (!found) return none;
  return (tag) => (isPrivate(tag) && (tag & 0xffff) > 0xff ? found.get(privateCreatorTag(tag)) : undefined);
}
