import type { AnnotationLookup, Level } from '@annal/domain';
import { LEVEL_TABLES, type StatementRunner } from '@annal/projections';

/** The FROM clause of a resource by its identifier, with its study `st`. */
const WITH_STUDY: Readonly<Record<Level, string>> = {
  Patient: `patients r JOIN studies st ON st.key = (SELECT min(c.key) FROM studies c WHERE c.patient_key = r.key)`,
  Study: `studies r JOIN studies st ON st.key = r.key`,
  Series: `series r JOIN studies st ON st.key = r.study_key`,
  Instance: `instances r JOIN series se ON se.key = r.series_key JOIN studies st ON st.key = se.study_key`,
};

/** Looks up in the live read models what users noted on resources. */
export class PostgresAnnotationLookup implements AnnotationLookup {
  constructor(private readonly runner: StatementRunner) {}

  async metadataOf(level: Level, id: string, metadata: number): ReturnType<AnnotationLookup['metadataOf']> {
    const { rows } = await this.runner.query<{
      study: string;
      patient: string;
      value: string | null;
      revision: number;
      position: number;
    }>({
      name: `metadata-of-${level}`,
      text: `SELECT st.id AS study, st.parent_id AS patient, m.value->>'value' AS value,
          (m.value->>'revision')::int AS revision, (m.value->>'position')::bigint AS position
        FROM ${WITH_STUDY[level]} LEFT JOIN LATERAL (SELECT r.user_metadata->$2 AS value) m ON true WHERE r.id = $1`,
      values: [id, String(metadata)],
    });
    const [row] = rows;
    if (!row) return undefined;
    const { study, patient, value, revision, position } = row;
    return { study, patient, ...(value !== null && { current: { value, revision, position } }) };
  }

  async labelsOf(level: Level, id: string): Promise<readonly string[] | undefined> {
    const { rows } = await this.runner.query<{ labels: readonly string[] | null }>({
      name: `labels-of-${level}`,
      text: `SELECT labels FROM ${LEVEL_TABLES[level].table} WHERE id = $1`,
      values: [id],
    });
    return rows[0] && (rows[0].labels ?? []);
  }

  async isProtected(id: string): Promise<boolean | undefined> {
    const { rows } = await this.runner.query<{ protected: boolean }>({
      name: 'patient-protected',
      text: 'SELECT protected FROM patients WHERE id = $1',
      values: [id],
    });
    return rows[0]?.protected;
  }
}
