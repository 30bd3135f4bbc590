import { setTimeout as delay } from 'node:timers/promises';
import { BlobMissing, type BlobStore, type EventLog } from '@annal/domain';
import { foldedOffset } from '../queries/archive-state.js';
import type { Queryable } from '../queryable.js';

/** So many blobs without an owner are no accident: perhaps an older database was restored. Nothing was touched. */
export class TooManyOrphans extends Error {
  override readonly name = 'TooManyOrphans';
}

/** Hours for which a blob without an owner is left alone: it may belong to an upload under way. */
export const SWEEPER_GRACE_H = 24;
const HOUR_MS = 3_600_000;
const LOOK_MS = 100;

/**
 * Whether a blob is so old that the sweeper may take it before the event that refers to it is folded: such an event
 * must not be appended any more.
 * @param now ms since 1970
 */
export function isTooOldToAppend(key: string, now: number): boolean {
  return keyTime(key) < now - (SWEEPER_GRACE_H / 2) * HOUR_MS;
}

const MAX_ORPHANS = 1000;
const MAX_SHARE = 0.01;
/** So few are what crashes leave, also where they are more than MAX_SHARE of a small archive. */
const NEVER_ALARMING = 20;

/** Puts blobs that no instance refers to, left by crashes, into quarantine. */
export class BlobSweeper {
  /**
   * @param grace hours; younger blobs may belong to an upload under way
   * @param patience ms that the fold may take to reach what was the log's end
   */
  constructor(
    private readonly database: Queryable,
    private readonly log: EventLog,
    private readonly blobs: BlobStore,
    private readonly grace: number,
    private readonly patience = 0,
  ) {}

  /**
   * Looks at every blob once; resolves with the keys put away. Does nothing where the fold stays behind the log's end
   * as it was after the listing.
   * @throws TooManyOrphans
   */
  async run(now: Date): Promise<readonly string[]> {
    const oldest = now.getTime() - this.grace * HOUR_MS;
    const candidates: string[] = [];
    let total = 0;
    for await (const key of this.blobs.keys()) {
      total += 1;
      if (keyTime(key) < oldest) candidates.push(key);
    }
    if (candidates.length === 0 || !(await this.foldedUpTo((await this.log.end()).offset))) return [];
    const orphans = await this.removeUnused(await this.withoutOwner(candidates));
    if (orphans.length > Math.min(MAX_ORPHANS, Math.max(NEVER_ALARMING, total * MAX_SHARE))) {
      throw new TooManyOrphans(`${orphans.length} of ${total} blobs belong to no instance; none was touched`);
    }
    const swept: string[] = [];
    for (const key of orphans) {
      // asked again just before: the database may have been exchanged meanwhile
      if ((await this.withoutOwner([key])).length === 0) continue;
      await this.blobs.quarantine(key);
      swept.push(key);
    }
    return swept;
  }

  /** Removes those that never became blobs; returns the others, but for those that were garbage and are gone by now. */
  private async removeUnused(orphans: readonly string[]): Promise<string[]> {
    const blobs: string[] = [];
    for (const key of orphans) {
      if (await this.blobs.isEmpty(key)) await this.blobs.remove(key);
      else if (await this.isThere(key)) blobs.push(key);
    }
    return blobs;
  }

  private async isThere(key: string): Promise<boolean> {
    try {
      await this.blobs.read(key, 0, 1);
      return true;
    } catch (error) {
      return !(error instanceof BlobMissing);
    }
  }

  private async foldedUpTo(offset: number): Promise<boolean> {
    const deadline = performance.now() + this.patience;
    for (;;) {
      if ((await foldedOffset(this.database)) >= offset) return true;
      if (performance.now() >= deadline) return false;
      await delay(LOOK_MS);
    }
  }

  private async withoutOwner(keys: readonly string[]): Promise<string[]> {
    const { rows } = await this.database.query<{ key: string }>(
      `SELECT key FROM unnest($1::text[]) AS key
        EXCEPT SELECT blob_key FROM instances
        EXCEPT SELECT header_blob FROM headers WHERE header_blob IS NOT NULL
        EXCEPT SELECT blob_key FROM attachments
        EXCEPT SELECT blob_key FROM job_blobs
        EXCEPT SELECT key FROM blob_garbage`,
      [keys],
    );
    return rows.map(({ key }) => key);
  }
}

/** The time in a UUIDv7, ms since 1970 (RFC 9562 section 5.7). */
export function keyTime(key: string): number {
  return parseInt(key.slice(0, 8) + key.slice(9, 13), 16);
}
