import { randomUUID } from 'node:crypto';
import { sqlText, sqlTextArray } from '@annal/projections';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';

/** How long a lease holds without being renewed, s: a holder that hangs is followed by another after that. */
const HOLDS_S = 15;
/** What the name of a holder's session begins with: one that was killed is followed at once. */
export const JOBS_SESSION = 'jobs';
/** Serialises the processes of one server that look for a job, so that together they run no more than they may. */
const LOCK = 0x6a6f6273;

/** Who runs which job. A lease saves work and nothing else: what a run does counts by its epoch. */
export interface JobLeases {
  /** Takes the next job of one of these types that nobody runs; undefined: there is none, or enough are run. */
  take(types: readonly string[], concurrent: number): Promise<string | undefined>;
  /** Keeps the leases on these jobs; resolves with those that are still held. */
  renew(jobs: readonly string[]): Promise<ReadonlySet<string>>;
  release(job: string): Promise<void>;
  /** Whether this is the process that looks after what all of them would otherwise do. */
  leads(): Promise<boolean>;
  close(): Promise<void>;
}

/** Leases in the database, of one process. */
export class PostgresJobLeases implements JobLeases {
  private readonly holder = randomUUID();
  private readonly session: Session;

  /** @param server what the processes of one server have in common, a UUID */
  constructor(
    database: DatabaseConfig,
    private readonly server: string,
  ) {
    this.session = new Session(database, `${JOBS_SESSION} ${this.holder}`);
  }

  async take(types: readonly string[], concurrent: number): Promise<string | undefined> {
    const [, , [row] = []] = await this.session
      .execute(
        `BEGIN;
      SELECT pg_advisory_xact_lock(${LOCK}, hashtext('${this.server}'));
      WITH next AS (
        SELECT j.id FROM jobs j
          WHERE j.state IN ('Pending', 'Running') AND j.type = ANY (${sqlTextArray(types)})
            AND NOT EXISTS (SELECT 1 FROM annal_ops.job_leases l WHERE l.job_id = j.id AND ${LIVE})
            AND (SELECT count(*) FROM annal_ops.job_leases l
              WHERE l.server = '${this.server}' AND l.job_id <> '' AND ${LIVE}) < ${concurrent}
          ORDER BY j.priority DESC, j.key LIMIT 1 FOR UPDATE OF j SKIP LOCKED)
      ${this.leaseSql('SELECT id FROM next')};
      COMMIT`,
      )
      .catch((error: unknown) => this.failed(error));
    return row?.job_id as string | undefined;
  }

  async renew(jobs: readonly string[]): Promise<ReadonlySet<string>> {
    const [rows = []] = await this.session.execute(
      `UPDATE annal_ops.job_leases SET until = ${UNTIL}
        WHERE holder = '${this.holder}' AND job_id = ANY (${sqlTextArray(jobs)}) RETURNING job_id`,
    );
    return new Set(rows.map((row) => row.job_id as string));
  }

  async release(job: string): Promise<void> {
    await this.session.execute(
      `DELETE FROM annal_ops.job_leases WHERE holder = '${this.holder}' AND job_id = ${sqlText(job)}`,
    );
  }

  async leads(): Promise<boolean> {
    // the lease on no job at all
    const [rows = []] = await this.session.execute(this.leaseSql(`SELECT ''`));
    return rows.length > 0;
  }

  close(): Promise<void> {
    return this.session.reset();
  }

  private leaseSql(jobs: string): string {
    return `INSERT INTO annal_ops.job_leases AS l (job_id, holder, server, until)
      SELECT id, '${this.holder}', '${this.server}', ${UNTIL} FROM (${jobs}) t(id)
      ON CONFLICT (job_id) DO UPDATE SET holder = excluded.holder, server = excluded.server, until = excluded.until
      WHERE l.holder = excluded.holder OR NOT (${LIVE}) RETURNING job_id`;
  }

  private async failed(error: unknown): Promise<never> {
    await this.session.reset();
    throw error;
  }
}

const UNTIL = `clock_timestamp() + interval '${HOLDS_S} s'`;

/** SQL that is true while a lease `l` holds. */
const LIVE = `(l.until >= clock_timestamp()
  AND EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.application_name = 'annal ${JOBS_SESSION} ' || l.holder))`;
