import { flag, type Schema, text, whole } from '../../http/open-api/schema.js';
import { CONTENT_NAMES } from './resource-contents.js';

type Parameters = Readonly<Record<string, Schema>>;

const SHORT = flag('Tags by number; may be given alone');
const FULL = flag('Tags by number, with name, type and value; may be given alone');
const SIMPLIFY = flag('Tags by name; may be given alone');

/** How tags are shown; by name without one of these. */
const FORMAT: Parameters = { short: SHORT, full: FULL };

/** How tags are shown; with name, type and value without one of these. */
export const FULL_FORMAT: Parameters = { short: SHORT, simplify: SIMPLIFY };

const REQUESTED: Parameters = {
  requestedTags: text('Further tags that are shown, by name or number, separated by semicolons'),
  'requested-tags': text('The same; counts more'),
};

/** The query of one resource. */
export const RESOURCE_QUERY: Parameters = { ...REQUESTED, ...FORMAT };

/** The query of the resources below another. */
export const BELOW_QUERY: Parameters = {
  expand: flag('Whether the resources are shown, not only their identifiers; they are, without it'),
  ...RESOURCE_QUERY,
};

/** The query of the list of a level. */
export const LIST_QUERY: Parameters = {
  since: whole('How many resources are passed over; together with limit', { minimum: 0 }),
  limit: whole('The most resources; 0: all; together with since', { minimum: 0 }),
  expand: flag('Whether the resources are shown, not only their identifiers'),
  'response-content': text(`What is shown of each, separated by semicolons: ${CONTENT_NAMES.join(', ')}`),
  ...RESOURCE_QUERY,
};

/** The query of tags that are read from files. */
export const TAGS_QUERY: Parameters = {
  ...FULL_FORMAT,
  'ignore-length': text('Tags whose values are shown however long they are, separated by commas'),
};
