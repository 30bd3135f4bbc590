import type { Job, JobState } from '@annal/domain';
import { Parameters, prepared, type StatementRunner } from './statement.js';

/** Which jobs; all without anything. */
export interface JobsFilter {
  readonly states?: readonly JobState[];
  readonly types?: readonly string[];
  /** Only those behind this one, in the order of the list. */
  readonly since?: string;
  readonly limit?: number;
}

/** Jobs in the order of their identifiers. */
export async function readJobs(runner: StatementRunner, filter: JobsFilter): Promise<readonly Job[]> {
  const { text, values } = listed('job', filter);
  const { rows } = await runner.query<{ job: Job }>(prepared(text, values));
  return rows.map(({ job }) => job);
}

/** The same, without what is known of them. */
export async function readJobIds(runner: StatementRunner, filter: JobsFilter): Promise<readonly string[]> {
  const { text, values } = listed('id', filter);
  const { rows } = await runner.query<{ id: string }>(prepared(text, values));
  return rows.map(({ id }) => id);
}

/** A job by its identifier. */
export async function readJob(runner: StatementRunner, id: string): Promise<Job | undefined> {
  const { rows } = await runner.query<{ job: Job }>({
    name: 'annal_job',
    text: 'SELECT job FROM jobs WHERE id = $1',
    values: [id],
  });
  return rows[0]?.job;
}

/** How many jobs have not ended yet, at most so many. */
export async function countUnendedJobs(runner: StatementRunner, most: number): Promise<number> {
  const { rows } = await runner.query<{ count: number }>({
    name: 'annal_unended_jobs',
    text: 'SELECT count(*)::int AS count FROM (SELECT 1 FROM jobs WHERE ended IS NULL LIMIT $1) t',
    values: [most],
  });
  return rows[0]!.count;
}

/** How many jobs there are in each state; those without any are left out. */
export async function countJobs(runner: StatementRunner): Promise<Partial<Record<JobState, number>>> {
  const { rows } = await runner.query<{ state: JobState; count: number }>({
    name: 'annal_count_jobs',
    text: 'SELECT state, count(*)::int AS count FROM jobs GROUP BY state',
  });
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/**
 * The jobs that ended before the last `history` ones.
 * @param endedBefore none that ended later; undefined: whenever they did
 */
export async function readForgottenJobs(
  runner: StatementRunner,
  history: number,
  endedBefore: Date | undefined,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await runner.query<{ id: string }>({
    name: 'annal_forgotten_jobs',
    text: `SELECT id FROM (SELECT id, ended, job FROM jobs WHERE ended IS NOT NULL ORDER BY ended DESC OFFSET $1 LIMIT $2) t
      WHERE $3::text IS NULL OR job->>'completedAt' < $3 ORDER BY ended DESC`,
    values: [history, limit, endedBefore?.toISOString() ?? null],
  });
  return rows.map(({ id }) => id);
}

/** The jobs whose identifiers are less than this one. */
export async function readJobsBefore(runner: StatementRunner, id: string, limit: number): Promise<readonly string[]> {
  const { rows } = await runner.query<{ id: string }>({
    name: 'annal_jobs_before',
    text: 'SELECT id FROM jobs WHERE id < $1 ORDER BY id LIMIT $2',
    values: [id, limit],
  });
  return rows.map((row) => row.id);
}

/**
 * Jobs that ended before a time and have outputs, in the order in which they ended.
 * @param after only those behind this place in that order
 */
export async function readJobsWithOutputs(
  runner: StatementRunner,
  endedBefore: Date,
  after: number,
  limit: number,
): Promise<readonly { readonly job: Job; readonly place: number }[]> {
  const { rows } = await runner.query<{ job: Job; place: number }>({
    name: 'annal_jobs_with_outputs',
    text: `SELECT job, ended AS place FROM jobs
      WHERE ended > $2 AND outputs > 0 AND job->>'completedAt' < $1 ORDER BY ended LIMIT $3`,
    values: [endedBefore.toISOString(), after, limit],
  });
  return rows;
}

/**
 * Paused jobs that made something already, in the order in which they were submitted.
 * @param after only those behind this place in that order
 */
export async function readPausedJobsWithParts(
  runner: StatementRunner,
  after: number,
  limit: number,
): Promise<readonly { readonly job: Job; readonly place: number }[]> {
  const { rows } = await runner.query<{ job: Job; place: number }>({
    name: 'annal_paused_jobs_with_parts',
    text: `SELECT job, key AS place FROM jobs
      WHERE state = 'Paused' AND key > $1 AND EXISTS (SELECT 1 FROM job_blobs b WHERE b.job_id = jobs.id)
      ORDER BY key LIMIT $2`,
    values: [after, limit],
  });
  return rows;
}

/** The outputs of jobs but for those of the last `kept` jobs that have any, and all of jobs that ended before a time. */
export async function readOldOutputs(
  runner: StatementRunner,
  kept: number,
  endedBefore: Date | undefined,
  limit: number,
): Promise<readonly { readonly id: string; readonly output: string }[]> {
  const { rows } = await runner.query<{ id: string; output: string }>({
    name: 'annal_old_outputs',
    text: `SELECT id, json_object_keys(job->'outputs') AS output
      FROM (SELECT id, job, row_number() OVER (ORDER BY ended DESC) AS number
        FROM jobs WHERE ended IS NOT NULL AND outputs > 0) t
      WHERE number > $1 OR job->>'completedAt' < $2 LIMIT $3`,
    values: [kept, endedBefore?.toISOString() ?? null, limit],
  });
  return rows;
}

function listed(column: string, { states, types, since, limit }: JobsFilter): { text: string; values: unknown[] } {
  const parameters = new Parameters();
  const conditions = [
    ...(states ? [`state = ANY (${parameters.add(states)}::text[])`] : []),
    ...(types ? [`type = ANY (${parameters.add(types)}::text[])`] : []),
    ...(since === undefined ? [] : [`id > ${parameters.add(since)}`]),
  ];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const page = limit === undefined ? '' : ` LIMIT ${parameters.add(limit)}`;
  return { text: `SELECT ${column} FROM jobs${where} ORDER BY id${page}`, values: parameters.values };
}
