import type { Level } from '@annal/domain';
import { normalize } from '../normalize.js';
import type { StatementRunner } from './statement.js';

/** A resource that a DICOM identifier names. */
export interface NamedResource {
  readonly level: Level;
  readonly id: string;
}

// the columns of UIDs are empty where the tag is absent
const TEXT = `
SELECT 0 AS depth, 'Patient' AS level, key, id FROM patients
  WHERE patient_id_n = $1 AND upper((main_tags->>'00100020') COLLATE "und-x-icu") = $2
UNION ALL SELECT 1, 'Study', key, id FROM studies WHERE $3 <> '' AND study_instance_uid = $3
UNION ALL SELECT 2, 'Series', key, id FROM series WHERE $3 <> '' AND series_instance_uid = $3
UNION ALL SELECT 3, 'Instance', key, id FROM instances WHERE $3 <> '' AND sop_instance_uid = $3
ORDER BY depth, key`;

/**
 * The resources whose PatientID (in any case), StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID is `identifier`,
 * the highest level first.
 */
export async function lookupIdentifier(runner: StatementRunner, identifier: string): Promise<readonly NamedResource[]> {
  // no text of the index has one
  if (identifier.includes('\0')) return [];
  const values = [normalize(identifier), identifier.toUpperCase(), identifier];
  const { rows } = await runner.query<NamedResource>({ name: 'annal_lookup', text: TEXT, values });
  return rows.map(({ level, id }) => ({ level, id }));
}
