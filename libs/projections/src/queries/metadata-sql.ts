import type { Level } from '@annal/domain';
import { LEVEL_TABLES } from './level-tables.js';

/** SQL for a time as Orthanc writes it: `20261121T130941`. */
export function compactTimeSql(expression: string): string {
  return `to_char(${expression} AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS')`;
}

/**
 * SQL for the value of a metadata, null where the resource has none of that name.
 * @param name Orthanc's own names; the numbers of those that users define
 */
export function metadataSql(level: Level, name: string): string {
  const { alias } = LEVEL_TABLES[level];
  if (name === 'LastUpdate') return level === 'Instance' ? 'NULL::text' : compactTimeSql(`${alias}.updated_at`);
  const key = `'${name.replaceAll("'", "''")}'`;
  return /^\d+$/.test(name) ? `(${alias}.user_metadata->${key}->>'value')` : `(${alias}.metadata->>${key})`;
}
