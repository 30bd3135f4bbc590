import { COLLECTIONS, envelope, type EventContext, type EventWriter, type ResourceStable } from '@annal/domain';
import type { Queryable } from '../queryable.js';

const BATCH = 200;

/**
 * Declares patients, studies and series stable that received nothing for a while. Any number of owners may run: the
 * fold accepts each quiet period once.
 */
export class StableResources {
  /** @param age seconds without anything new */
  constructor(
    private readonly database: Queryable,
    private readonly writer: EventWriter,
    private readonly age: number,
  ) {}

  /** Declares what is due; resolves with how many resources that were. */
  async run(context: EventContext): Promise<number> {
    const due = new Date(context.now.getTime() - this.age * 1000);
    const { rows } = await this.database.query<Due>(DUE, [due, BATCH]);
    const events = rows.map(({ level, id, updated_pos }) =>
      envelope<ResourceStable>(
        { type: 'annal.resource.stable.v1', data: { level, id, asOf: updated_pos } },
        `${COLLECTIONS[level]}/${id}`,
        context,
      ),
    );
    if (events.length > 0) await this.writer.submit(events);
    return events.length;
  }
}

interface Due {
  readonly level: 'Patient' | 'Study' | 'Series';
  readonly id: string;
  readonly updated_pos: number;
}

/** A series before its study, a study before its patient. */
const DUE = `
  SELECT level, id, updated_pos FROM (
    SELECT 'Series' AS level, id, updated_pos, updated_at, 0 AS rank FROM series WHERE NOT stable AND updated_at <= $1
    UNION ALL
    SELECT 'Study', id, updated_pos, updated_at, 1 FROM studies WHERE NOT stable AND updated_at <= $1
    UNION ALL
    SELECT 'Patient', id, updated_pos, updated_at, 2 FROM patients WHERE NOT stable AND updated_at <= $1
  ) due ORDER BY updated_at, rank, id LIMIT $2`;
