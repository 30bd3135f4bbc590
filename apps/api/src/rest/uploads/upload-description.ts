import { anyOf, component, exactly, listOf, type Schema, text } from '../../http/open-api/schema.js';
import { IDENTIFIER } from '../../http/open-api/shared-schemas.js';

const STORED: Schema = component(
  'StoredInstance',
  exactly({
    ID: IDENTIFIER,
    ParentPatient: IDENTIFIER,
    ParentSeries: IDENTIFIER,
    ParentStudy: IDENTIFIER,
    Path: text('The path of the instance'),
    Status: text('What became of it', ['Success', 'AlreadyStored', 'NotYetVisible']),
  }),
);

/** What became of an instance, or of all of an archive. */
export const UPLOADED: Schema = anyOf(STORED, listOf(STORED));
