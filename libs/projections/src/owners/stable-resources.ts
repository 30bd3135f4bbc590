import { COLLECTIONS, envelope, type EventContext, type EventWriter, type ResourceStable } from '@annal/domain';
import type { Queryable } from '../queryable.js';

const BATCH = 200;
/** So long at most it is taken for granted that nothing is due: a rebuilt index and other servers' clocks may be behind, ms. */
const LONGEST_WAIT = 10_000;

/**
 * Declares patients, studies and series stable that received nothing for a while. Any number of owners may run: the
 * fold accepts each quiet period once.
 */
export class StableResources {
  /** Nothing becomes due in this time, ms since 1970. */
  private quiet = { from: 0, until: 0 };

  /** @param age seconds without anything new */
  constructor(
    private readonly database: Queryable,
    private readonly writer: EventWriter,
    private readonly age: number,
  ) {}

  /** Declares what is due; resolves with how many resources that were. */
  async run(context: EventContext): Promise<number> {
    const now = context.now.getTime();
    // a clock that was set back leaves it
    if (now >= this.quiet.from && now < this.quiet.until) return 0;
    const { rows } = await this.database.query<Unstable>(OLDEST, [BATCH]);
    const dueAt = ({ updated_at }: Unstable): number => updated_at.getTime() + this.age * 1000;
    const events = rows
      .filter((row) => dueAt(row) <= now)
      .map(({ level, id, updated_pos }) =>
        envelope<ResourceStable>(
          { type: 'annal.resource.stable.v1', data: { level, id, asOf: updated_pos } },
          `${COLLECTIONS[level]}/${id}`,
          context,
        ),
      );
    if (events.length > 0) await this.writer.submit(events);
    else {
      const until = Math.min(now + LONGEST_WAIT, now + this.age * 1000, ...rows.slice(0, 1).map(dueAt));
      this.quiet = { from: now, until };
    }
    return events.length;
  }
}

interface Unstable {
  readonly level: 'Patient' | 'Study' | 'Series';
  readonly id: string;
  readonly updated_pos: number;
  readonly updated_at: Date;
}

/** A series before its study, a study before its patient. */
const OLDEST = `
  SELECT level, id, updated_pos, updated_at FROM (
    SELECT 'Series' AS level, id, updated_pos, updated_at, 0 AS rank FROM series WHERE NOT stable
    UNION ALL
    SELECT 'Study', id, updated_pos, updated_at, 1 FROM studies WHERE NOT stable
    UNION ALL
    SELECT 'Patient', id, updated_pos, updated_at, 2 FROM patients WHERE NOT stable
  ) due ORDER BY updated_at, rank, id LIMIT $1`;
