import type { Session } from '@annal/platform';
import { changeTypeName } from '@annal/projections';
import type { NaiveState } from './naive-archive.js';

/** What the read models say, as the oracle says it. */
export async function stateOf(session: Session): Promise<NaiveState> {
  const list = async (table: string): Promise<string[]> =>
    (await session.execute(`SELECT id FROM ${table} ORDER BY key`))[0]!.map(({ id }) => id as string);
  const [feed = []] = await session.execute('SELECT seq, type, resource_id FROM change_feed ORDER BY seq');
  const [garbage = []] = await session.execute('SELECT key FROM blob_garbage');
  const [attached = []] =
    await session.execute(`SELECT concat_ws(' ', r.id, a.content_type, a.revision, a.blob_key, a.size,
      a.stored_size) AS line FROM attachments a JOIN (SELECT key, id FROM patients UNION ALL SELECT key, id FROM studies
      UNION ALL SELECT key, id FROM series UNION ALL SELECT key, id FROM instances) r ON r.key = a.resource_key`);
  const [[total] = []] = await session.execute('SELECT size, stored_size FROM folded_position');
  return {
    instances: await list('instances'),
    series: await list('series'),
    studies: await list('studies'),
    patients: await list('patients'),
    size: total!.size as number,
    storedSize: total!.stored_size as number,
    attachments: attached.map(({ line }) => line as string).sort(),
    feed: feed.map(
      ({ seq, type, resource_id }) => `${String(seq)} ${changeTypeName(type as number)} ${String(resource_id)}`,
    ),
    garbage: garbage.map(({ key }) => key as string).sort(),
    annotations: await annotationsOf(session),
  };
}

async function annotationsOf(session: Session): Promise<NaiveState['annotations']> {
  const [rows = []] = await session.execute(
    `SELECT id, labels, user_metadata, protected FROM patients
      UNION ALL SELECT id, labels, user_metadata, false FROM studies
      UNION ALL SELECT id, labels, user_metadata, false FROM series
      UNION ALL SELECT id, labels, user_metadata, false FROM instances`,
  );
  const noted = rows.filter((row) => row.labels !== null || row.user_metadata !== null || row.protected === true);
  return Object.fromEntries(
    noted.map((row) => {
      const metadata = Object.entries((row.user_metadata ?? {}) as Record<string, { revision: number; value: string }>);
      const shown = metadata.map(([number, { revision, value }]) => [number, `${revision} ${value}`]);
      return [
        row.id,
        { labels: row.labels ?? [], metadata: Object.fromEntries(shown) as object, protected: row.protected },
      ];
    }),
  ) as NaiveState['annotations'];
}

/** Expects the totals, and the counts that patients carry, to be the sums of what is there. */
export async function expectSums(session: Session): Promise<void> {
  const [[counted] = []] = await session.execute(`
    SELECT (SELECT count(*) FROM patients) AS patients, (SELECT count(*) FROM studies) AS studies,
      (SELECT count(*) FROM series) AS series, count(*) AS instances,
      coalesce(sum(size), 0)::bigint AS size, coalesce(sum(stored_size), 0)::bigint AS stored_size FROM instances`);
  const [[totals] = []] = await session.execute(
    'SELECT patients, studies, series, instances, size, stored_size FROM folded_position',
  );
  expect(totals).toEqual(counted);
  const [wrong = []] = await session.execute(`
    SELECT p.id FROM patients p JOIN LATERAL (
      SELECT count(DISTINCT st.key) AS studies, count(DISTINCT se.key) AS series, count(i.key) AS instances,
        sum(i.size) AS size FROM studies st JOIN series se ON se.study_key = st.key
        JOIN instances i ON i.series_key = se.key WHERE st.patient_key = p.key) counted ON true
    WHERE (p.studies_count, p.series_count, p.instances_count, p.size)
      IS DISTINCT FROM (counted.studies, counted.series, counted.instances, counted.size)`);
  expect(wrong).toEqual([]);
  await expectAttachedSums(session);
}

/** Expects the sizes of attachments, at every level and altogether, to be the sums of what is there. */
async function expectAttachedSums(session: Session): Promise<void> {
  const lines = `SELECT p.key, NULL::bigint AS study, NULL::bigint AS series, NULL::bigint AS instance FROM patients p
    UNION ALL SELECT patient_key, key, NULL, NULL FROM studies
    UNION ALL SELECT t.patient_key, t.key, s.key, NULL FROM series s JOIN studies t ON t.key = s.study_key
    UNION ALL SELECT t.patient_key, t.key, s.key, i.key FROM instances i JOIN series s ON s.key = i.series_key
      JOIN studies t ON t.key = s.study_key`;
  const [wrong = []] = await session.execute(`
    SELECT * FROM (
      SELECT holder AS resource_key, sum(a.size)::bigint AS size, sum(a.stored_size)::bigint AS stored_size
        FROM (${lines}) line JOIN attachments a ON a.resource_key = coalesce(instance, series, study, line.key)
        CROSS JOIN unnest(ARRAY[line.key, study, series, instance]) holder WHERE holder IS NOT NULL GROUP BY holder
    ) counted FULL JOIN attached_sizes kept USING (resource_key)
    WHERE (coalesce(counted.size, 0), coalesce(counted.stored_size, 0)) IS DISTINCT FROM (kept.size, kept.stored_size)`);
  expect(wrong).toEqual([]);
  const [[totals] = []] = await session.execute(`SELECT attached_size AS size, attached_stored_size AS stored
    FROM folded_position`);
  const [[counted] = []] = await session.execute(`SELECT coalesce(sum(size), 0)::bigint AS size,
    coalesce(sum(stored_size), 0)::bigint AS stored FROM attachments`);
  expect(totals).toEqual(counted);
}

/** Takes everything out of the read models, as before the first fold. */
export async function emptyReadModels(session: Session): Promise<void> {
  await session.execute(`TRUNCATE patients, studies, series, instances, headers, changes, change_feed, blob_garbage, outcomes,
      folded_writers, attachments, attached_sizes, jobs, job_blobs, remotes, exports, export_resources, listed_exports;
    UPDATE folded_position SET "offset" = -1, change_seq = 0, cleared_seq = 0, removed_seq = 0, log_id = NULL, patients = 0, studies = 0,
      series = 0, instances = 0, size = 0, stored_size = 0, attached_size = 0, attached_stored_size = 0,
      export_seq = 0`);
}
