import { everything, readResources, type StatementRunner } from '@annal/projections';

const SHOWN = 20;
const PATIENT_NAME = '00100010';
const PATIENT_ID = '00100020';
const STUDY_UID = '0020000d';
const STUDY_DATE = '00080020';
const STUDY_DESCRIPTION = '00081030';

/** What the start page says of a study; texts are empty where the images have none. */
export interface RecentStudy {
  readonly id: string;
  /** StudyInstanceUID. */
  readonly uid: string;
  readonly patientName: string;
  readonly patientId: string;
  /** As in the images: `20261121`. */
  readonly date: string;
  readonly description: string;
}

/** The studies that arrived last, the latest first. */
export async function recentStudies(database: StatementRunner): Promise<readonly RecentStudy[]> {
  const latest = { ...everything('Study'), order: ['t.key DESC'] };
  const rows = await readResources(database, latest, { limit: SHOWN }, { mainTags: true });
  return rows.map(({ id, mainTags, patientTags }) => {
    const own = JSON.parse(mainTags!) as Readonly<Record<string, string>>;
    const patient = JSON.parse(patientTags!) as Readonly<Record<string, string>>;
    return {
      id,
      uid: own[STUDY_UID] ?? '',
      patientName: patient[PATIENT_NAME] ?? '',
      patientId: patient[PATIENT_ID] ?? '',
      date: own[STUDY_DATE] ?? '',
      description: own[STUDY_DESCRIPTION] ?? '',
    };
  });
}
