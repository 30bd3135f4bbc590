import { depthOf, type Level, LEVELS } from '@annal/domain';
import { descendants, LEVEL_TABLES } from './level-tables.js';

/**
 * A tag whose value follows from the read models (PS3.4 section C.6.2, PS3.18 section 10.6). At other levels it has no
 * value: what a file says of it tells nothing about the archive.
 */
export interface ComputedTag {
  readonly level: Level;
  /** SQL for its text, about the resource under the level's alias. */
  readonly sql: string;
  /** SQL for the single values of a tag that lists what is below: a constraint looks for any of them. */
  readonly members?: {
    readonly from: string;
    readonly where: string;
    readonly value: string;
    /** A column with the value's normalised text, which the planner knows. */
    readonly normalized?: string;
  };
}

function count(level: Level, column: string): ComputedTag {
  return { level, sql: `${LEVEL_TABLES[level].alias}.${column}::text` };
}

function list(level: Level, below: Level, value: string, normalized?: string): ComputedTag {
  const { from, where } = descendants(below, level);
  const expression = `d${depthOf(below)}.${value}`;
  const sql = `(SELECT coalesce(string_agg(v, '\\' ORDER BY v COLLATE "C"), '') FROM (
    SELECT DISTINCT ${expression} AS v FROM ${from} WHERE ${where} AND ${expression} <> '') distinct_values)`;
  const column = normalized && { normalized: `d${depthOf(below)}.${normalized}` };
  return { level, sql, members: { from, where, value: expression, ...column } };
}

/** By tag. */
export const COMPUTED_TAGS: ReadonlyMap<number, ComputedTag> = new Map([
  [0x00080061, list('Study', 'Series', `main_tags->>'00080060'`, 'modality_n')],
  [0x00080062, list('Study', 'Instance', 'sop_class_uid')],
  [0x00080056, { level: 'Instance', sql: `'ONLINE'` }],
  [0x00201200, count('Patient', 'studies_count')],
  [0x00201202, count('Patient', 'series_count')],
  [0x00201204, count('Patient', 'instances_count')],
  [0x00201206, count('Study', 'series_count')],
  [0x00201208, count('Study', 'instances_count')],
  [0x00201209, count('Series', 'instances_count')],
]);

/** SOPClassUID (0008,0016): no main tag, but known of every instance. */
export const SOP_CLASS_UID = 0x00080016;

/** SQL about the instances at or below a level: those of the resource under the level's alias. */
export function instancesOf(level: Level): { readonly from: string; readonly where: string; readonly alias: string } {
  if (level === 'Instance') return { from: 'instances own', where: 'own.key = i.key', alias: 'own' };
  return { ...descendants('Instance', level), alias: `d${LEVELS.length - 1}` };
}
