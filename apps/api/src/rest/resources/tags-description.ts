import { anyOf, byName, component, exactly, listOf, reference, type Schema, text } from '../../http/open-api/schema.js';

/** A value as text, or the items of a sequence. */
function valueOr(items: string): Schema {
  return anyOf({ type: 'string', nullable: true }, listOf(reference(items)));
}

const FULL: Schema = component('TagsFull', {
  ...byName(
    exactly(
      {
        Name: text('The name of the tag'),
        PrivateCreator: text('Whose tag it is'),
        Type: text('What kind of value it has', ['String', 'Null', 'Sequence', 'TooLong']),
        Value: valueOr('TagsFull'),
      },
      ['PrivateCreator'],
    ),
  ),
  description: 'Tags by number, gggg,eeee, with name, type and value',
});

const SHORT: Schema = component('TagsShort', {
  ...byName(valueOr('TagsShort')),
  description: 'Values by number, gggg,eeee',
});

/** The values of tags by name. */
export const TAGS_SIMPLIFIED: Schema = component('TagsSimplified', {
  ...byName(valueOr('TagsSimplified')),
  description: 'Values by name',
});

/** Tags in the form that was asked for. */
export const TAGS: Schema = component('Tags', anyOf(FULL, SHORT, TAGS_SIMPLIFIED));
