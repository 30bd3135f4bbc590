import type { Level } from '@annal/domain';
import { isAtOrAbove, joinsUp, LEVEL_TABLES } from './level-tables.js';
import { prepared, type StatementRunner } from './statement.js';

/** The identifiers of the resources of `level` that are, or lie above or below, those of `other` with these identifiers. */
export async function relatedIdentifiers(
  runner: StatementRunner,
  level: Level,
  other: Level,
  ids: readonly string[],
): Promise<readonly string[]> {
  const [lower, upper] = isAtOrAbove(other, level) ? [level, other] : [other, level];
  const { table, alias } = LEVEL_TABLES[lower];
  const text = `SELECT DISTINCT ${LEVEL_TABLES[level].alias}.id FROM ${table} ${alias}${joinsUp(lower, upper)}
    WHERE ${LEVEL_TABLES[other].alias}.id = ANY ($1)`;
  const { rows } = await runner.query<{ readonly id: string }>(prepared(text, [ids]));
  return rows.map(({ id }) => id);
}
