import type { Level } from '@annal/domain';
import {
  highestOf,
  highestVersioned,
  type ResourceRow,
  type RowContents,
  rowColumns,
  type VersionOf,
  versionSql,
} from './resource-row.js';
import { childLevel, isAtOrAbove, joinsUp, LEVEL_TABLES } from './level-tables.js';
import { rowsById } from './rows-by-id.js';
import { fromSql, orderSql, type Page, pageSql, type Selection, skips, statementFor } from './selection.js';
import { Parameters, type StatementRunner } from './statement.js';

/** Of longer pages most of what is found is answered. */
const SHORT_PAGE = 1000;

/** Reads a page of resources, with all that is wanted of them, in one statement. */
export async function readResources(
  runner: StatementRunner,
  selection: Selection,
  page: Page,
  contents: RowContents,
): Promise<readonly ResourceRow[]> {
  const { level, parameters } = selection;
  const columns = rowColumns(level, contents);
  const highest = highestOf(level, contents);
  const text = isPageFirst(selection, page)
    ? `SELECT ${columns} FROM ${pageFirst(selection, page, highest)}`
    : `SELECT ${columns} FROM ${fromSql(selection, highest)}${orderSql(selection)}${pageSql(page, parameters)}`;
  const { rows } = await runner.query<ResourceRow>(statementFor(selection, text));
  return rows;
}

/** Whether the keys of a page are better chosen first, as an index is enough for that. */
function isPageFirst({ isInIndex, order }: Selection, page: Page): boolean {
  return skips(page) || (isInIndex === true && order.length === 0 && (page.limit ?? Infinity) <= SHORT_PAGE);
}

/**
 * The FROM clause that chooses the keys of a page before it looks up anything else, so that what is skipped is counted
 * in the narrow index; in the page's order.
 */
function pageFirst(selection: Selection, page: Page, highest: Level): string {
  const { level, parameters } = selection;
  const { table, alias } = LEVEL_TABLES[level];
  const keys = `SELECT ${alias}.key FROM ${fromSql(selection)}${orderSql(selection)}${pageSql(page, parameters)}`;
  return `(SELECT q.key, row_number() OVER () AS place FROM (${keys}) q) page
    JOIN ${table} ${alias} ON ${alias}.key = page.key${joinsUp(level, highest)} ORDER BY page.place`;
}

/** The identifiers of a page of resources. */
export async function readIdentifiers(
  runner: StatementRunner,
  selection: Selection,
  page: Page,
): Promise<readonly string[]> {
  return readTexts(runner, selection, pageOf(selection, page, `${LEVEL_TABLES[selection.level].alias}.id AS text`));
}

/**
 * The versions of a page of resources: much less than the resources themselves, for who may know them already. What
 * cannot be found in {@link readResources} under {@link keyOf} a version is gone in the meantime.
 */
export async function readVersions(
  runner: StatementRunner,
  selection: Selection,
  page: Page,
  of: VersionOf = 'row',
): Promise<readonly string[]> {
  const { level } = selection;
  const text = pageOf(selection, page, `${versionSql(level, of)} AS text`, highestVersioned(level, of));
  return readTexts(runner, selection, text);
}

/** The texts that a statement lists, none of which has a comma. As one text in place of many rows: a tenth of the work for the client. */
async function readTexts(runner: StatementRunner, selection: Selection, listed: string): Promise<readonly string[]> {
  const statement = statementFor(selection, `SELECT string_agg(text, ',') AS texts FROM (${listed}) listed`);
  const [row] = (await runner.query<{ texts: string | null }>(statement)).rows;
  return row!.texts?.split(',') ?? [];
}

/** The versions of the resources of a level with these identifiers, as {@link readVersions}; undefined where there is none. */
export async function readVersionsById(
  runner: StatementRunner,
  level: Level,
  ids: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const { table, alias } = LEVEL_TABLES[level];
  const id = `${alias}.id`;
  const row = { columns: `${id}, ${versionSql(level, 'row')} AS version`, from: `${table} ${alias}`, id };
  const rows = await rowsById<{ readonly id: string; readonly version: string }>(runner, row, ids);
  return rows.map((each) => each?.version);
}

/** The key of the resource that a version is of. */
export function keyOf(version: string): number {
  return Number(version.slice(0, version.indexOf('.')));
}

/** SELECT of something short of each resource of a page, which speaks of levels up to `highest`. */
function pageOf(selection: Selection, page: Page, columns: string, highest: Level = selection.level): string {
  if (isPageFirst(selection, page)) return `SELECT ${columns} FROM ${pageFirst(selection, page, highest)}`;
  const from = fromSql(selection, highest);
  return `SELECT ${columns} FROM ${from}${orderSql(selection)}${pageSql(page, selection.parameters)}`;
}

/** All resources of a level. */
export function everything(level: Level): Selection {
  return { level, highest: level, conditions: [], order: [], parameters: new Parameters() };
}

/** The resources of a level with these identifiers. */
export function withIdentifiers(level: Level, ids: readonly string[]): Selection {
  const parameters = new Parameters();
  const conditions = [`${LEVEL_TABLES[level].alias}.id = ANY (${parameters.add(ids)})`];
  return { level, highest: level, conditions, order: [], parameters };
}

/** The resource of a level with an identifier. */
export function withIdentifier(level: Level, id: string): Selection {
  const parameters = new Parameters();
  const conditions = [`${LEVEL_TABLES[level].alias}.id = ${parameters.add(id)}`];
  return { level, highest: level, conditions, order: [], parameters };
}

/** The resources of a level with these keys. */
export function withKeys(level: Level, keys: readonly number[]): Selection {
  const parameters = new Parameters();
  const conditions = [`${LEVEL_TABLES[level].alias}.key = ANY (${parameters.add(keys)}::bigint[])`];
  return { level, highest: level, conditions, order: [], parameters };
}

/** The resources of a level that lie above or below a resource of another level. */
export function relatedTo(level: Level, other: Level, id: string): Selection {
  const parameters = new Parameters();
  const identifier = parameters.add(id);
  const { table, alias } = LEVEL_TABLES[other];
  if (isAtOrAbove(other, level)) {
    const condition = `${alias}.id = ${identifier}`;
    return { level, highest: other, conditions: [condition], order: [], parameters };
  }
  const own = LEVEL_TABLES[level].alias;
  // aliases inside and outside may be the same: the innermost counts
  const key = `SELECT ${LEVEL_TABLES[childLevel(level)!].alias}.${LEVEL_TABLES[childLevel(level)!].parentColumn}
    FROM ${table} ${alias}${joinsUp(other, childLevel(level)!)} WHERE ${alias}.id = ${identifier}`;
  return { level, highest: level, conditions: [`${own}.key = (${key})`], order: [], parameters };
}
