import type { BlobStore } from '@annal/domain';
import type { Queryable } from '../queryable.js';

const BATCH = 200;

/** Deletes the blobs of instances that are gone, some time after, and only where nothing refers to them. */
export class BlobReaper {
  /** @param grace seconds between a deletion and that of its bytes */
  constructor(
    private readonly database: Queryable,
    private readonly blobs: BlobStore,
    private readonly grace: number,
    private readonly checkpoint: (step: 'garbage:before-remove' | 'garbage:after-remove') => Promise<void>,
  ) {}

  /**
   * Deletes what is due; resolves with how many blobs that were. One that cannot be deleted is tried again after the others.
   * @throws what the first of those fails with
   */
  async run(): Promise<number> {
    const { rows } = await this.database.query<{ key: string; referenced: boolean }>(DUE, [this.grace, BATCH]);
    if (rows.length === 0) return 0;
    await this.checkpoint('garbage:before-remove');
    const removed = rows.filter(({ referenced }) => !referenced);
    const results = await Promise.allSettled(removed.map(({ key }) => this.blobs.remove(key)));
    await this.checkpoint('garbage:after-remove');
    const failed = removed.filter((_, index) => results[index]!.status === 'rejected').map(({ key }) => key);
    // a row whose blob is in use again (an older database was restored) goes, its blob stays
    const gone = rows.map(({ key }) => key).filter((key) => !failed.includes(key));
    await this.database.query('DELETE FROM blob_garbage WHERE key = ANY ($1)', [gone]);
    if (failed.length > 0) {
      await this.database.query('UPDATE blob_garbage SET at = now() WHERE key = ANY ($1)', [failed]);
      throw results.find((result) => result.status === 'rejected')!.reason;
    }
    return removed.length;
  }
}

const DUE = `SELECT g.key, EXISTS (
    SELECT 1 FROM instances i LEFT JOIN headers h ON h.instance_key = i.key
      WHERE i.id = g.instance_id AND (i.blob_key = g.key OR h.header_blob = g.key))
    OR EXISTS (SELECT 1 FROM attachments a WHERE a.blob_key = g.key)
    OR EXISTS (SELECT 1 FROM job_blobs b WHERE b.blob_key = g.key) AS referenced
  FROM blob_garbage g WHERE g.at <= now() - make_interval(secs => $1) ORDER BY g.at LIMIT $2`;
