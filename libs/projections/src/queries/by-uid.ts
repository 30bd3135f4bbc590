import type { StatementRunner } from './statement.js';

/** Resources by the UIDs of DICOM, by Orthanc identifier; several where files of different patients share one. */
export interface UidsFound {
  readonly uid: string;
  readonly id: string;
}

/** The studies, series and instances that have one of these UIDs. */
export async function readIdsOfUids(runner: StatementRunner, uids: readonly string[]): Promise<readonly UidsFound[]> {
  const { rows } = await runner.query<UidsFound>({
    name: 'annal_ids_of_uids',
    text: `SELECT study_instance_uid AS uid, id FROM studies WHERE study_instance_uid = ANY ($1::text[])
      UNION ALL SELECT series_instance_uid, id FROM series WHERE series_instance_uid = ANY ($1::text[])
      UNION ALL SELECT sop_instance_uid, id FROM instances WHERE sop_instance_uid = ANY ($1::text[])`,
    values: [uids.map((uid) => uid.replaceAll('\0', ''))],
  });
  return rows;
}
