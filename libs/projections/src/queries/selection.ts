import { depthOf, type Level } from '@annal/domain';
import { joinsUp, LEVEL_TABLES } from './level-tables.js';
import { type Parameters, prepared, type Statement } from './statement.js';

/** Which resources of a level, in which order; conditions speak of the levels' aliases up to `highest`. */
export interface Selection {
  readonly level: Level;
  /** The highest level that conditions and order speak of. */
  readonly highest: Level;
  readonly conditions: readonly string[];
  /** ORDER BY terms in front of the key, which always decides in the end. */
  readonly order: readonly string[];
  readonly parameters: Parameters;
  /** Whether the values decide how to look: then it is planned with them, each time. */
  readonly plannedByValue?: boolean;
  /** Whether an index finds what they speak of by one value, which is few resources as a rule. */
  readonly isByIdentifier?: boolean;
  /** Whether an index holds all that the conditions speak of, and the key. */
  readonly isInIndex?: boolean;
}

/** A part of a list. */
export interface Page {
  readonly since?: number;
  readonly limit?: number;
}

/** The FROM and WHERE clauses of a selection, joined up to `highest` or higher. */
export function fromSql(selection: Selection, highest: Level = selection.highest): string {
  const { level, conditions } = selection;
  const top = depthOf(highest) < depthOf(selection.highest) ? highest : selection.highest;
  const { table, alias } = LEVEL_TABLES[level];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  return `${table} ${alias}${joinsUp(level, top)}${where}`;
}

/** The ORDER BY clause of a selection. */
export function orderSql({ level, order }: Selection): string {
  return ` ORDER BY ${[...order, `${LEVEL_TABLES[level].alias}.key`].join(', ')}`;
}

/** Limits that many requests share are written out: one plan serves all of them, made with the number in mind. */
const COMMON_LIMITS = new Set([1, 5, 10, 20, 25, 50, 100, 101, 200, 500, 1000]);
const UNLIMITED = 1_000_000;

/** The LIMIT and OFFSET clauses; empty for the whole. */
export function pageSql({ since = 0, limit }: Page, parameters: Parameters): string {
  const isShared = limit !== undefined && (COMMON_LIMITS.has(limit) || limit > UNLIMITED);
  const count = limit === undefined ? '' : ` LIMIT ${isShared ? limit : parameters.add(limit)}`;
  return since > 0 ? `${count} OFFSET ${parameters.add(since)}` : count;
}

/** A selection's statement, which stays prepared where one plan is good for all values. */
export function statementFor({ parameters: { values }, plannedByValue }: Selection, text: string): Statement {
  return plannedByValue ? { text, values } : prepared(text, values);
}

/** Whether a page does not begin with the list. */
export function skips({ since = 0 }: Page): boolean {
  return since > 0;
}
