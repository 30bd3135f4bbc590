import {
  anyOf,
  byName,
  component,
  exactly,
  listOf,
  object,
  type Schema,
  text,
  texts,
  textsByName,
  whole,
} from '../../http/open-api/schema.js';
import { JOB_FIELDS } from '../../jobs/job-description.js';

const HEADERS = { HttpHeaders: textsByName('Further headers of the request') };
const ARGUMENTS = { Arguments: textsByName('Parameters of the query') };
const REQUEST = { Uri: text('The path below the URL of the server'), ...ARGUMENTS, ...HEADERS };

/** A request that another server answers. */
export const CLIENT_REQUEST = object(REQUEST, ['Uri']);

/** What one request of WADO-RS answers with is to be retrieved. */
export const WADO_BODY = object({ ...REQUEST, ...JOB_FIELDS }, ['Uri']);

/** What another server is to delete. */
export const DELETION_BODY = object(
  {
    Level: text('What is deleted', ['Study', 'Series', 'Instance']),
    StudyInstanceUID: text('The study'),
    SeriesInstanceUID: text('The series, unless a study is deleted'),
    SOPInstanceUID: text('The instance, where one is deleted'),
  },
  ['Level', 'StudyInstanceUID'],
);

/** What is to be sent to another server. */
export const STOW_BODY = object(
  { Resources: texts('Orthanc identifiers of patients, studies, series and instances'), ...HEADERS, ...JOB_FIELDS },
  ['Resources'],
);

const RESOURCE: Schema = object(
  {
    Study: text('StudyInstanceUID'),
    Series: text('SeriesInstanceUID'),
    Instance: text('SOPInstanceUID'),
  },
  ['Study'],
);

/** What is to be retrieved from another server. */
export const RETRIEVE_BODY = object(
  { Resources: { type: 'array', items: RESOURCE }, ...ARGUMENTS, ...HEADERS, ...JOB_FIELDS },
  ['Resources'],
);

const FLAT_ATTRIBUTE: Schema = component(
  'FlatAttribute',
  exactly(
    {
      Element: whole('The second half of the tag'),
      Group: whole('The first half of the tag'),
      Name: text('The name of the tag'),
      Value: anyOf({ type: 'string' }, { type: 'integer' }),
      vr: text('The value representation'),
    },
    ['Value'],
  ),
);

/** What a search finds, in the flat form (`flat-attributes.ts`). */
export const FLAT_ATTRIBUTES: Schema = listOf(byName(FLAT_ATTRIBUTE));
