import { depthOf, type Level, LEVELS } from '@annal/domain';
import { LEVEL_TABLES } from './level-tables.js';
import type { StatementRunner } from './statement.js';

/** What the whole archive holds. Sizes in bytes. */
export interface ArchiveStatistics {
  readonly patients: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  /** As stored, compressed or not. */
  readonly storedSize: number;
  readonly size: number;
}

/** What a resource holds; counts of the levels below it. */
export type ResourceStatistics = Pick<ArchiveStatistics, 'storedSize' | 'size'> & Partial<ArchiveStatistics>;

/** Read from the counters that the fold keeps. */
export async function archiveStatistics(runner: StatementRunner): Promise<ArchiveStatistics> {
  const { rows } = await runner.query<ArchiveStatistics>({
    name: 'annal_archive_statistics',
    text: `SELECT patients, studies, series, instances, stored_size AS "storedSize", size FROM folded_position WHERE partition = 0`,
  });
  return rows[0]!;
}

/** undefined when there is no such resource. */
export async function resourceStatistics(
  runner: StatementRunner,
  level: Level,
  id: string,
): Promise<ResourceStatistics | undefined> {
  const counts = LEVELS.slice(depthOf(level) + 1).map((below) => {
    const { table } = LEVEL_TABLES[below];
    return `${table}_count AS ${table}, `;
  });
  const { rows } = await runner.query<ResourceStatistics>({
    name: `annal_statistics_${level}`,
    text: `SELECT ${counts.join('')}stored_size AS "storedSize", size FROM ${LEVEL_TABLES[level].table} WHERE id = $1`,
    values: [id],
  });
  return rows[0];
}
