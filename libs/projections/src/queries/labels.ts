import { LEVELS } from '@annal/domain';
import { LEVEL_TABLES } from './level-tables.js';
import type { StatementRunner } from './statement.js';

/** All labels that resources bear, in alphabetical order. */
export async function readAllLabels(runner: StatementRunner): Promise<readonly string[]> {
  const { rows } = await runner.query<{ label: string }>({ name: 'all-labels', text: ALL_LABELS, values: [] });
  return rows.map(({ label }) => label);
}

const ALL_LABELS = `${LEVELS.map(
  (level) => `SELECT unnest(labels) AS label FROM ${LEVEL_TABLES[level].table} WHERE labels IS NOT NULL`,
).join(' UNION ')} ORDER BY label`;
