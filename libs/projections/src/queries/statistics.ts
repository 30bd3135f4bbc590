import { depthOf, type Level, LEVELS } from '@annal/domain';
import { LEVEL_TABLES } from './level-tables.js';
import type { StatementRunner } from './statement.js';

/** What the whole archive holds. Sizes in bytes, of DICOM files and attachments together. */
export interface ArchiveStatistics {
  readonly patients: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  /** As stored, compressed or not. */
  readonly storedSize: number;
  readonly size: number;
}

/** What a resource holds; counts of the levels below it. The sizes of DICOM files are parts of the others. */
export type ResourceStatistics = Pick<ArchiveStatistics, 'storedSize' | 'size'> &
  Partial<ArchiveStatistics> & { readonly dicomStoredSize: number; readonly dicomSize: number };

/** Read from the counters that the fold keeps. */
export async function archiveStatistics(runner: StatementRunner): Promise<ArchiveStatistics> {
  const { rows } = await runner.query<ArchiveStatistics>({
    name: 'annal_archive_statistics',
    text: `SELECT patients, studies, series, instances, stored_size + attached_stored_size AS "storedSize",
      size + attached_size AS size FROM folded_position WHERE partition = 0`,
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
    text: `SELECT ${counts.join('')}r.stored_size AS "dicomStoredSize", r.size AS "dicomSize",
      r.stored_size + coalesce(a.stored_size, 0) AS "storedSize", r.size + coalesce(a.size, 0) AS size
      FROM ${LEVEL_TABLES[level].table} r LEFT JOIN attached_sizes a ON a.resource_key = r.key WHERE r.id = $1`,
    values: [id],
  });
  return rows[0];
}
