import { component, exactly, listOf, object, type Schema, text, whole } from '../../http/open-api/schema.js';
import { SERIES, STUDY } from './study-json.js';

/** Members of these names, with any value. */
function attributes(keywords: readonly string[]): Readonly<Record<string, Schema>> {
  return Object.fromEntries(keywords.map((keyword) => [keyword, { description: 'As DICOM files have it' }]));
}

const INSTANCE: Schema = component(
  'OhifInstance',
  exactly({
    metadata: { ...object({}), description: 'The attributes of the instance by their keywords' },
    url: text('Where the viewer reads its pixels'),
  }),
);

const OF_SERIES: Schema = component(
  'OhifSeries',
  exactly({ ...attributes(SERIES), instances: listOf(INSTANCE) }, SERIES),
);

/** What the data source dicom-json of the viewer reads (`study-json.ts`). */
export const OHIF_STUDY: Schema = component(
  'OhifStudy',
  exactly({
    studies: listOf(
      exactly({
        ...attributes(STUDY),
        Modalities: text('Those of its series, separated by backslashes'),
        NumInstances: whole('Instances'),
        series: listOf(OF_SERIES),
      }),
    ),
  }),
);
