import { anyOf, component, listOf, type Schema, textsByName, whole } from '../../http/open-api/schema.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';

/** The metadata of a resource: their names, their numbers, or their values by one of these. */
export const METADATA: Schema = component(
  'Metadata',
  anyOf(NAMES, listOf(whole('Numbers')), textsByName('Values by name or number')),
);
