import { component, exactly, listOf, type Schema, text } from '../../http/open-api/schema.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';

/** The order of the slices of a series (`series-slices.service.ts`). */
export const ORDERED_SLICES: Schema = component(
  'OrderedSlices',
  exactly({
    Dicom: NAMES,
    Slices: NAMES,
    SlicesShort: listOf({
      type: 'array',
      items: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      minItems: 3,
      maxItems: 3,
      description: 'An instance, its first frame, and how many it has',
    }),
    Type: text('Whether they make a volume', ['Volume', 'Sequence']),
  }),
);
