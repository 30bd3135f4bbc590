import { depthOf, type Level, LEVELS } from '@annal/domain';

/** How the SQL of queries names a level: its table, the alias it always has, and the way up. */
export interface LevelTable {
  readonly table: 'patients' | 'studies' | 'series' | 'instances';
  readonly alias: 'p' | 't' | 's' | 'i';
  /** The column with the key of the parent; absent for patients. */
  readonly parentColumn?: 'patient_key' | 'study_key' | 'series_key';
}

export const LEVEL_TABLES: Readonly<Record<Level, LevelTable>> = {
  Patient: { table: 'patients', alias: 'p' },
  Study: { table: 'studies', alias: 't', parentColumn: 'patient_key' },
  Series: { table: 'series', alias: 's', parentColumn: 'study_key' },
  Instance: { table: 'instances', alias: 'i', parentColumn: 'series_key' },
};

/** The level above; undefined for patients. */
export function parentLevel(level: Level): Level | undefined {
  return LEVELS[depthOf(level) - 1];
}

/** The level below; undefined for instances. */
export function childLevel(level: Level): Level | undefined {
  return LEVELS[depthOf(level) + 1];
}

/** Whether `upper` is the level itself or one above it. */
export function isAtOrAbove(upper: Level, level: Level): boolean {
  return depthOf(upper) <= depthOf(level);
}

/** The joins from a level's table up to another level's. */
export function joinsUp(from: Level, to: Level): string {
  let joins = '';
  for (let level = from; level !== to;) {
    const parent = parentLevel(level);
    if (parent === undefined) throw new RangeError(`${to} is not above ${from}`);
    const { table, alias } = LEVEL_TABLES[parent];
    joins += ` JOIN ${table} ${alias} ON ${alias}.key = ${LEVEL_TABLES[level].alias}.${LEVEL_TABLES[level].parentColumn}`;
    level = parent;
  }
  return joins;
}

/**
 * Joins from inside a subquery that looks below a resource: the tables under `above` down to `level`, which is in the
 * FROM clause as first, tied to the outer resource's alias.
 */
export function descendants(level: Level, above: Level): { readonly from: string; readonly where: string } {
  const path = LEVELS.slice(depthOf(above) + 1, depthOf(level) + 1);
  const [top, ...rest] = path;
  if (top === undefined) throw new RangeError(`${level} is not below ${above}`);
  const first = LEVEL_TABLES[top];
  let from = `${first.table} d${depthOf(top)}`;
  for (const next of rest) {
    const { table, parentColumn } = LEVEL_TABLES[next];
    from += ` JOIN ${table} d${depthOf(next)} ON d${depthOf(next)}.${parentColumn} = d${depthOf(next) - 1}.key`;
  }
  return { from, where: `d${depthOf(top)}.${first.parentColumn} = ${LEVEL_TABLES[above].alias}.key` };
}
