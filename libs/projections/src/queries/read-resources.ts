import type { Level } from '@annal/domain';
import { highestOf, type ResourceRow, type RowContents, rowColumns } from './resource-row.js';
import { childLevel, isAtOrAbove, joinsUp, LEVEL_TABLES } from './level-tables.js';
import { behind, fromSql, orderSql, type Page, pageSql, type Selection, skips, statementFor } from './selection.js';
import { Parameters, type StatementRunner } from './statement.js';

/** Resources read at once: few enough to be gone again before the collector takes them for old. */
const BATCH = 100;

/** There are more rows than may be asked for. */
export class TooManyRows extends Error {
  override readonly name = 'TooManyRows';
}

/**
 * Reads a page of any length in batches, so that only one of them must be held. Lists in an order of their own are read
 * at once.
 * @param maximum rows; whether there are more is found out before the first batch is given out
 * @throws TooManyRows
 */
export async function* readInBatches(
  runner: StatementRunner,
  selection: Selection,
  page: Page,
  contents: RowContents,
  maximum: number,
): AsyncGenerator<readonly ResourceRow[], void> {
  const { limit = Infinity } = page;
  const isWhole = limit <= BATCH || selection.order.length > 0;
  let next: Page = { ...page, limit: isWhole ? Math.min(limit, maximum + 1) : BATCH };
  let rest = selection;
  for (let wanted = limit; ;) {
    // the parameters of a statement are its own
    const rows = await readResources(runner, { ...rest, parameters: rest.parameters.copy() }, next, contents);
    if (rows.length > maximum) throw new TooManyRows(`There are more than ${maximum}`);
    wanted -= rows.length;
    const isEnd = isWhole || rows.length < next.limit! || wanted <= 0;
    if (rest === selection && !isEnd && limit > maximum) await refuseMoreThan(maximum, runner, selection, page);
    yield rows;
    if (isEnd) return;
    rest = behind(selection, rows.at(-1)!.key);
    next = { limit: Math.min(BATCH, wanted) };
  }
}

async function refuseMoreThan(maximum: number, runner: StatementRunner, of: Selection, page: Page): Promise<void> {
  const selection = { ...of, parameters: of.parameters.copy() };
  const rows = `SELECT 1 FROM ${fromSql(selection)}${pageSql({ ...page, limit: maximum + 1 }, selection.parameters)}`;
  const text = `SELECT count(*) AS count FROM (${rows}) counted`;
  const [counted] = (await runner.query<{ count: number }>(statementFor(selection, text))).rows;
  if (counted!.count > maximum) throw new TooManyRows(`There are more than ${maximum}`);
}

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
  const text = skips(page)
    ? `SELECT ${columns} FROM ${pageFirst(selection, page, highest)}`
    : `SELECT ${columns} FROM ${fromSql(selection, highest)}${orderSql(selection)}${pageSql(page, parameters)}`;
  const { rows } = await runner.query<ResourceRow>(statementFor(selection, text));
  return rows;
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
  const { level, parameters } = selection;
  const { alias } = LEVEL_TABLES[level];
  const text = skips(page)
    ? `SELECT ${alias}.id FROM ${pageFirst(selection, page, level)}`
    : `SELECT ${alias}.id FROM ${fromSql(selection)}${orderSql(selection)}${pageSql(page, parameters)}`;
  const { rows } = await runner.query<readonly [string]>({ ...statementFor(selection, text), rowMode: 'array' });
  return rows.map(([id]) => id);
}

/** All resources of a level. */
export function everything(level: Level): Selection {
  return { level, highest: level, conditions: [], order: [], parameters: new Parameters() };
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
