import { LEVELS } from '@annal/domain';
import { flag, object, type Schema, text, texts, textsByName, whole } from '../../http/open-api/schema.js';
import { CONTENT_NAMES } from '../resources/resource-contents.js';

const CONDITIONS: Readonly<Record<string, Schema>> = {
  Level: text('What is searched for', LEVELS),
  Query: textsByName(
    'What tags must match, by name or number: a value, wildcards (*, ?), a range (from-to), a list (separated by \\)',
  ),
  Labels: texts('Labels that a resource must bear'),
  LabelsConstraint: text('How many of these', ['All', 'Any', 'None']),
  MetadataQuery: textsByName('What metadata must match'),
  ParentPatient: text('Orthanc identifier of the patient of what is found'),
  ParentStudy: text('Orthanc identifier of the study of what is found'),
  ParentSeries: text('Orthanc identifier of the series of what is found'),
  CaseSensitive: flag('Whether upper and lower case of names differ; else as CaseSensitivePN says'),
};

const ORDER: Schema = {
  type: 'array',
  description: 'By what the answer is ordered, what counts most first',
  items: object(
    {
      Type: text('What kind of key it is', [
        'DicomTag',
        'DicomTagAsInt',
        'DicomTagAsFloat',
        'Metadata',
        'MetadataAsInt',
        'MetadataAsFloat',
      ]),
      Key: text('The name of the tag or of the metadata'),
      Direction: text('Ascending or descending', ['ASC', 'DESC']),
    },
    ['Type', 'Key', 'Direction'],
  ),
};

/** The body of `POST /tools/count-resources`. */
export const COUNT_BODY = object(CONDITIONS, ['Level', 'Query']);

/** The body of `POST /tools/find`. */
export const FIND_BODY = object(
  {
    ...CONDITIONS,
    Expand: flag('Whether the answer has the resources themselves, not only their identifiers'),
    ResponseContent: texts('What the answer shows of each resource', CONTENT_NAMES),
    RequestedTags: texts('Further tags that the answer shows'),
    Short: flag('Tags by number'),
    Full: flag('Tags by number, with name, type and value'),
    Simplify: flag('Tags by name, as without it'),
    Since: whole('How many results are passed over', { minimum: 0 }),
    Limit: whole('The most results; 0: no limit but the configured one', { minimum: 0 }),
    OrderBy: ORDER,
  },
  ['Level', 'Query'],
);
