import type { ExportDestination, ExportOutcome, ExportProtocol, KnownExport } from '@annal/domain';
import { Parameters, prepared, type StatementRunner } from './statement.js';

/** What is listed at `GET /exports`. */
export interface ListedExport {
  readonly seq: number;
  /** As Orthanc writes it, in UTC. */
  readonly date: string;
  /** Name of the remote. */
  readonly name: string;
  /** 0 patient … 3 instance. */
  readonly level: number;
  readonly id: string;
  /** Empty where the resource that had it is gone, or where it has none; null: its level has none. */
  readonly patientId: string;
  readonly studyInstanceUid: string | null;
  readonly seriesInstanceUid: string | null;
  readonly sopInstanceUid: string | null;
}

/** SQL for what a resource `r` of an export says of itself, as of now: what is erased is gone from here as well. */
const IDENTIFIERS = `coalesce(p.main_tags->>'00100020', '') AS "patientId",
  CASE WHEN r.level >= 1 THEN coalesce(st.study_instance_uid, '') END AS "studyInstanceUid",
  CASE WHEN r.level >= 2 THEN coalesce(se.series_instance_uid, '') END AS "seriesInstanceUid",
  CASE WHEN r.level = 3 THEN coalesce(i.sop_instance_uid, '') END AS "sopInstanceUid"`;
const SOURCES = `LEFT JOIN patients p ON p.id = r.patient_id LEFT JOIN studies st ON st.id = r.study_id
  LEFT JOIN series se ON se.id = r.series_id LEFT JOIN instances i ON r.level = 3 AND i.id = r.resource_id`;

/** Listed exports behind a number, in ascending order; or the last ones. */
export async function readListedExports(
  runner: StatementRunner,
  since: number,
  limit: number,
  end: 'first' | 'last' = 'first',
): Promise<readonly ListedExport[]> {
  const order = end === 'first' ? 'ASC' : 'DESC';
  const { rows } = await runner.query<ListedExport>({
    name: `annal_listed_exports_${end}`,
    text: `SELECT l.seq, l.date, coalesce(e.name, '') AS name, r.level, r.resource_id AS id, ${IDENTIFIERS}
      FROM (SELECT * FROM listed_exports WHERE seq > $1 ORDER BY seq ${order} LIMIT $2) l
      JOIN exports e ON e.key = l.export_key
      JOIN export_resources r ON r.export_key = l.export_key AND r.place = l.place ${SOURCES}
      ORDER BY l.seq ${order}`,
    values: [since, limit],
  });
  return rows;
}

/** Which exports; all without anything. */
export interface ExportsFilter {
  /** Exports of a patient, study, series or instance, of what is in it, and of what it is in, by Orthanc identifier. */
  readonly resource?: { readonly id: string; readonly above: readonly string[] };
  /** ISO 8601, from then on. */
  readonly from?: string;
  /** ISO 8601, before then. */
  readonly to?: string;
  /** Name of a remote. */
  readonly destination?: string;
  readonly outcomes?: readonly ExportOutcome[];
}

/** One resource of an export, with all that is known of it. */
export interface TracedExport {
  readonly key: number;
  readonly place: number;
  readonly exportId: string;
  readonly begunAt: string;
  readonly reportedAt: string;
  readonly actor: { readonly protocol: string; readonly user?: string; readonly remoteAddress?: string };
  readonly correlationId: string;
  readonly protocol: string;
  readonly kind: string;
  readonly name: string | null;
  readonly address: string | null;
  /** Of this resource; with the next two. */
  readonly outcome: ExportOutcome;
  /** null: unknown. */
  readonly instances: number | null;
  readonly failed: number | null;
  /** Of the export as a whole, with the next two. */
  readonly exportOutcome: ExportOutcome;
  readonly bytes: number | null;
  readonly errorCode: number | null;
  /** null, with the next: an export of nothing. */
  readonly id: string | null;
  /** 0 patient … 3 instance; null: it was not there. */
  readonly level: number | null;
  readonly patient: string | null;
  readonly patientId: string;
  readonly studyInstanceUid: string | null;
  readonly seriesInstanceUid: string | null;
  readonly sopInstanceUid: string | null;
}

/** Where a list of exports goes on. */
export type ExportPlace = Pick<TracedExport, 'key' | 'place'>;

/**
 * SQL for what became of a resource `r` of an export. Where nobody said how many instances of it there are, as of exports
 * before that was noted, the export's counts are those of its resource if it has just one.
 */
const ARRIVAL = `CROSS JOIN LATERAL (SELECT r.asked IS NULL AND NOT EXISTS
    (SELECT FROM export_resources o WHERE o.export_key = e.key AND o.place > 0) AS alone) a
  CROSS JOIN LATERAL (SELECT CASE WHEN alone THEN e.instances WHEN e.outcome = 'success' THEN r.asked
    WHEN r.asked IS NOT NULL AND e.instances IS NOT NULL THEN coalesce(r.arrived, 0) END AS instances) n
  CROSS JOIN LATERAL (SELECT CASE WHEN alone THEN e.failed
    WHEN e.outcome IN ('success', 'partial', 'failure', 'aborted') AND n.instances IS NOT NULL
      THEN greatest(r.asked - n.instances, 0) END AS failed) f
  CROSS JOIN LATERAL (SELECT CASE
    WHEN alone OR f.failed IS NULL OR r.asked = 0 THEN e.outcome
    WHEN f.failed = 0 THEN 'success'
    WHEN e.outcome = 'aborted' THEN 'aborted'
    WHEN n.instances > 0 THEN 'partial' ELSE 'failure' END AS outcome) w`;

/** What was sent elsewhere, in the order in which it began; a row for each resource. */
export async function readExports(
  runner: StatementRunner,
  filter: ExportsFilter,
  after: ExportPlace,
  limit: number,
): Promise<readonly TracedExport[]> {
  const parameters = new Parameters();
  const conditions = [
    `e.key >= ${parameters.add(after.key)} AND (e.key > $1 OR coalesce(r.place, 0) > ${parameters.add(after.place)}::int)`,
    ...conditionsOf(filter, parameters),
  ];
  const text = `SELECT e.key, coalesce(r.place, 0) AS place, e.id AS "exportId", e.begun_at AS "begunAt",
      e.reported_at AS "reportedAt", e.actor, e.correlation_id AS "correlationId", e.protocol, e.kind, e.name, e.address,
      w.outcome, n.instances, f.failed, e.outcome AS "exportOutcome", e.bytes, e.error_code AS "errorCode", r.resource_id AS id, r.level,
      r.patient_id AS patient, ${IDENTIFIERS}
    FROM exports e LEFT JOIN export_resources r ON r.export_key = e.key ${ARRIVAL} ${SOURCES}
    WHERE ${conditions.join(' AND ')} ORDER BY e.key, r.place LIMIT ${parameters.add(limit)}`;
  return (await runner.query<TracedExport>(prepared(text, parameters.values))).rows;
}

function conditionsOf(filter: ExportsFilter, parameters: Parameters): readonly string[] {
  const { resource, from, to, destination, outcomes } = filter;
  const conditions: string[] = [];
  if (resource !== undefined) {
    const id = parameters.add(resource.id);
    const sent = parameters.add([resource.id, ...resource.above]);
    conditions.push(
      `(r.resource_id = ANY (${sent}::text[]) OR r.patient_id = ${id} OR r.study_id = ${id} OR r.series_id = ${id})`,
    );
  }
  if (from !== undefined) conditions.push(`e.begun_at >= ${parameters.add(from)}`);
  if (to !== undefined) conditions.push(`e.begun_at < ${parameters.add(to)}`);
  if (destination !== undefined) conditions.push(`e.name = ${parameters.add(destination)}`);
  if (outcomes) conditions.push(`w.outcome = ANY (${parameters.add(outcomes)}::text[])`);
  return conditions;
}

/** An export of which nobody reports any more what became of it. */
export interface OpenExport {
  readonly id: string;
  readonly protocol: ExportProtocol;
  readonly destination: ExportDestination;
  /** Of its job, which has ended; null: there is none. */
  readonly jobState: 'Success' | 'Failure' | null;
  readonly errorCode: number;
  /** How many instances are known to have arrived. */
  readonly instances: number;
}

/** SQL for what is known of an export `e` and its job `j`. */
const ENDED = `e.id, e.protocol, j.state AS "jobState", coalesce((j.job->>'errorCode')::int, 0) AS "errorCode",
  coalesce(e.instances, 0) AS instances,
  json_strip_nulls(json_build_object('kind', e.kind, 'name', e.name, 'address', e.address)) AS destination`;
const OPEN = `SELECT ${ENDED} FROM exports e LEFT JOIN jobs j ON j.id = e.id WHERE e.outcome = 'pending'`;
/** Whether a job ended in another way than was said of its export, as after it was resubmitted. What succeeds says so by itself. */
const ENDED_OTHERWISE = `e.outcome IN ('failure', 'partial', 'aborted')
  AND CASE WHEN j.state = 'Success' THEN e.protocol IN ('archive', 'media')
    ELSE e.error_code IS DISTINCT FROM (j.job->>'errorCode')::int OR (e.outcome = 'failure' AND e.instances > 0) END`;

/** Exports that are pending though their job has ended, or that have none and began before a time. */
export async function readOpenExports(
  runner: StatementRunner,
  begunBefore: Date,
  limit: number,
): Promise<readonly OpenExport[]> {
  const { rows } = await runner.query<OpenExport>({
    name: 'annal_open_exports',
    text: `${OPEN} AND (j.ended IS NOT NULL OR (j.id IS NULL AND e.begun_at < $1)) ORDER BY e.key LIMIT $2`,
    values: [begunBefore.toISOString(), limit],
  });
  return rows;
}

/** Jobs that ended since, and what was said of their exports that is not so any more. */
export interface EndedSince {
  readonly exports: readonly OpenExport[];
  /** How many jobs there were, at most as many as were asked for. */
  readonly jobs: number;
  /** Behind the last one, in the order in which they ended. */
  readonly place: number;
}

/**
 * Exports of which something else was said than how their jobs ended.
 * @param after of jobs only those behind this place, in the order in which they ended
 */
export async function readExportsEndedSince(
  runner: StatementRunner,
  after: number,
  limit: number,
): Promise<EndedSince> {
  const { rows } = await runner.query<{ place: number; export: OpenExport | null }>({
    name: 'annal_exports_ended_since',
    text: `SELECT j.ended AS place, (SELECT to_json(t) FROM (SELECT ${ENDED}) t WHERE ${ENDED_OTHERWISE}) AS export
      FROM (SELECT * FROM jobs WHERE ended > $1 ORDER BY ended LIMIT $2) j LEFT JOIN exports e ON e.id = j.id
      ORDER BY j.ended`,
    values: [after, limit],
  });
  const exports = rows.flatMap((row) => row.export ?? []);
  return { exports, jobs: rows.length, place: rows.at(-1)?.place ?? after };
}

/** The export of a job that has ended, where that was not said of it yet. */
export async function readOpenExport(runner: StatementRunner, job: string): Promise<OpenExport | undefined> {
  const { rows } = await runner.query<OpenExport>({
    name: 'annal_open_export',
    text: `SELECT ${ENDED} FROM exports e JOIN jobs j ON j.id = e.id
      WHERE e.id = $1 AND j.ended IS NOT NULL AND (e.outcome = 'pending' OR ${ENDED_OTHERWISE})`,
    values: [job],
  });
  return rows[0];
}

/** What is known of one export. */
export async function readKnownExport(runner: StatementRunner, id: string): Promise<KnownExport | undefined> {
  const { rows } = await runner.query<KnownExport>({
    name: 'annal_known_export',
    text: `SELECT outcome, instances, failed, bytes, error_code AS "errorCode",
        (SELECT count(*)::int FROM export_resources r WHERE r.export_key = e.key) AS resources
      FROM exports e WHERE id = $1`,
    values: [id],
  });
  return rows[0];
}
