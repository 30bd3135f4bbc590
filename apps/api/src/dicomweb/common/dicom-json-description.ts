import { anyOf, byName, component, exactly, listOf, reference, type Schema, text } from '../../http/open-api/schema.js';

const PERSON_NAME: Schema = component(
  'DicomJsonPersonName',
  exactly(
    {
      Alphabetic: text('The name in letters'),
      Ideographic: text('The name in ideograms'),
      Phonetic: text('The name as it is spoken'),
    },
    ['Alphabetic', 'Ideographic', 'Phonetic'],
  ),
);

const ATTRIBUTE: Schema = component(
  'DicomJsonAttribute',
  exactly(
    {
      vr: { type: 'string', pattern: '^[A-Z]{2}$', description: 'The value representation' },
      Value: listOf(
        anyOf({ type: 'string', nullable: true }, { type: 'number' }, PERSON_NAME, reference('DicomJsonDataSet')),
      ),
      InlineBinary: { type: 'string', format: 'byte' },
      BulkDataURI: text('Where the bytes are'),
    },
    ['Value', 'InlineBinary', 'BulkDataURI'],
  ),
);

/** A data set in the DICOM JSON model (PS3.18 annex F). */
export const DICOM_JSON: Schema = component('DicomJsonDataSet', {
  ...byName(ATTRIBUTE),
  description: 'Attributes by eight hexadecimal digits (PS3.18 annex F)',
});

export const DICOM_JSON_LIST: Schema = component('DicomJson', listOf(DICOM_JSON));
