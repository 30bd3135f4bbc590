import type { Level } from '@annal/domain';
import { LEVEL_TABLES } from './level-tables.js';
import type { Page, Selection } from './selection.js';
import { Parameters, prepared, type StatementRunner } from './statement.js';

/** Where in the list of all resources of a level each STEP of them ends. */
interface Places {
  /** The last change that removed something, when the list was walked. */
  readonly removedSeq: number;
  /** The key of the last resource of each step. */
  readonly keys: readonly number[];
}

const NOWHERE: Places = { removedSeq: 0, keys: [] };

/** Resources that are counted from the place that is known. */
const STEP = 1000;
/** Places are looked for so often while others remove resources; then the page is counted from the list's beginning. */
const ATTEMPTS = 2;

/**
 * Remembers where in a level's whole list every thousandth resource is, so that a page far down the list is not counted
 * from its beginning. Keys only grow: what is remembered holds until a resource is removed. Eight bytes for a thousand resources.
 */
export class ListPlaces {
  private readonly places = new Map<Level, Places>();

  constructor(
    private readonly runner: StatementRunner,
    private readonly step = STEP,
  ) {}

  /** The same page of the same list, said so that less is skipped; any other selection as it is. */
  async narrow(selection: Selection, page: Page): Promise<{ selection: Selection; page: Page }> {
    const { level, conditions, order } = selection;
    const { since = 0 } = page;
    if (since < this.step || conditions.length > 0 || order.length > 0) return { selection, page };
    const keys = await this.upTo(level, Math.floor(since / this.step));
    if (keys.length === 0) return { selection, page };
    const parameters = new Parameters();
    const after = `${LEVEL_TABLES[level].alias}.key > ${parameters.add(keys.at(-1))}`;
    return {
      selection: { ...selection, conditions: [after], parameters },
      page: { ...page, since: since - keys.length * this.step },
    };
  }

  /** The last keys of at most so many steps: of fewer where the list ends, of none while it changes too fast. */
  private async upTo(level: Level, steps: number): Promise<readonly number[]> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const known = this.places.get(level) ?? NOWHERE;
      const { removedSeq, keys } = await this.walk(
        level,
        known.keys.at(-1) ?? 0,
        Math.max(0, steps - known.keys.length),
      );
      if (removedSeq === known.removedSeq) {
        const all = keys.length > 0 ? known.keys.concat(keys) : known.keys;
        // another request may have walked on in the meantime
        if ((this.places.get(level) ?? NOWHERE) === known) this.places.set(level, { removedSeq, keys: all });
        return all.slice(0, steps);
      }
      this.places.set(level, { removedSeq, keys: [] });
    }
    return [];
  }

  /** Walks so many steps on in the index, and tells when something was removed, of one moment. */
  private async walk(level: Level, after: number, steps: number): Promise<Places> {
    const { table } = LEVEL_TABLES[level];
    const text = `
      SELECT removed_seq AS "removedSeq", ARRAY(
        WITH RECURSIVE place (step, key) AS (
          SELECT 0, $1::bigint UNION ALL
          SELECT step + 1, (SELECT t.key FROM ${table} t WHERE t.key > place.key ORDER BY t.key OFFSET $3::int - 1 LIMIT 1)
            FROM place WHERE step < $2::bigint AND key IS NOT NULL)
        SELECT key::float8 FROM place WHERE step > 0 AND key IS NOT NULL ORDER BY step) AS keys
      FROM folded_position WHERE partition = 0`;
    const { rows } = await this.runner.query<Places>(prepared(text, [after, steps, this.step]));
    return rows[0]!;
  }
}
