import { LEVELS } from '@annal/domain';
import { component, exactly, type Schema, text, whole } from '../../http/open-api/schema.js';
import { IDENTIFIER, pageOf, TIME } from '../../http/open-api/shared-schemas.js';

const EXPORTED: Schema = component(
  'ExportedResource',
  exactly(
    {
      Date: TIME,
      ID: IDENTIFIER,
      Path: text('The path of the resource'),
      PatientID: text('The patient'),
      RemoteModality: text('The name of the peer or modality'),
      ResourceType: text('The level of the resource', LEVELS),
      SOPInstanceUID: text('The instance'),
      Seq: whole('The number of the export'),
      SeriesInstanceUID: text('The series'),
      StudyInstanceUID: text('The study'),
    },
    ['SOPInstanceUID', 'SeriesInstanceUID', 'StudyInstanceUID'],
  ),
);

/** What was sent elsewhere (`listed-export-text.ts`). */
export const EXPORTS: Schema = pageOf('Exports', EXPORTED);
