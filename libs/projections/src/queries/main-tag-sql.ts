import { tagHex } from '@annal/dicom';
import { depthOf, type Level } from '@annal/domain';
import { normalize } from '../normalize.js';
import type { TagConstraint } from './find-query.js';
import { descendants, LEVEL_TABLES } from './level-tables.js';
import { likePattern, normalizedLikePattern } from './like-pattern.js';
import { type Match, spacedWords, wordPattern } from './match.js';
import type { Parameters } from './statement.js';

/** A column that repeats a main tag so that an index can be asked. */
interface TagColumn {
  readonly name: string;
  /** Whether its text is normalised; else it is the tag's own, empty where the tag is absent. */
  readonly normalized: boolean;
}

const column = (name: string): TagColumn => ({ name, normalized: name.endsWith('_n') });

/** A table's main tags of one level, as JSON under an alias, and the columns that repeat some of them. */
interface TagPlace {
  readonly alias: string;
  readonly tags: string;
  readonly columns: Readonly<Record<string, TagColumn>>;
}

const PATIENTS: TagPlace = {
  alias: 'p',
  tags: 'p.main_tags',
  columns: {
    '00100020': column('patient_id_n'),
    '00100010': column('patient_name_n'),
    '00100030': column('birth_date'),
  },
};
/** The patient's tags as a study has them. */
const PATIENTS_OF_STUDIES: TagPlace = {
  alias: 't',
  tags: 't.patient_tags',
  columns: { ...PATIENTS.columns, '00100030': column('patient_birth_date') },
};
const COLUMNS: Readonly<Record<Exclude<Level, 'Patient'>, Readonly<Record<string, TagColumn>>>> = {
  Study: {
    '0020000d': column('study_instance_uid'),
    '00080020': column('study_date'),
    '00080050': column('accession_number_n'),
    '00081030': column('study_description_n'),
  },
  Series: { '0020000e': column('series_instance_uid'), '00080060': column('modality_n') },
  Instance: { '00080018': column('sop_instance_uid') },
};

/** Where a query at a level finds the main tags of its own or a higher level. */
function placeOf(level: Level, home: Level): TagPlace {
  if (home === 'Patient') return level === 'Patient' ? PATIENTS : PATIENTS_OF_STUDIES;
  const { alias } = LEVEL_TABLES[home];
  return { alias, tags: `${alias}.main_tags`, columns: COLUMNS[home] };
}

/** The level up to which a query at a level must join for the main tags of another level. */
export function mainTagReach(level: Level, home: Level): Level {
  return home === 'Patient' && level !== 'Patient' ? 'Study' : home;
}

/** Upper case as JavaScript knows it, whatever the locale of the database, but for {@link GEORGIAN}. */
const upper = (expression: string): string => `upper(${expression} COLLATE "und-x-icu")`;

/** Georgian letters, whose capitals came with Unicode 11: a PostgreSQL may be of before that, JavaScript is not. */
const GEORGIAN = codePoints(0x10d0, 0x10fa) + codePoints(0x10fd, 0x10ff);
const GEORGIAN_CAPITALS = GEORGIAN.toUpperCase();
const HAS_GEORGIAN = /\p{Script=Georgian}/u;

function codePoints(first: number, last: number): string {
  return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, index) => first + index));
}

/** Upper case as JavaScript knows it, as far as it matters for a comparison with certain texts. */
function upperFor(texts: readonly string[], expression: string): string {
  const folded = upper(expression);
  return texts.some((text) => HAS_GEORGIAN.test(text))
    ? `translate(${folded}, '${GEORGIAN}', '${GEORGIAN_CAPITALS}')`
    : folded;
}

/** SQL for the text of a main tag, null where it is absent. */
export function mainTagText(level: Level, home: Level, tag: number): string {
  return `(${placeOf(level, home).tags}->>'${tagHex(tag)}')`;
}

/** SQL for the text of a main tag of a lower level, as the first resource below has it; null where it is absent. */
export function lowerTagText(level: Level, home: Exclude<Level, 'Patient'>, tag: number): string {
  const { from, where } = descendants(home, level);
  const alias = `d${depthOf(home)}`;
  return `(SELECT ${alias}.main_tags->>'${tagHex(tag)}' FROM ${from} WHERE ${where} ORDER BY ${alias}.key LIMIT 1)`;
}

/** SQL that orders texts without regard to case, by code points. */
export function orderedText(text: string): string {
  return `${upper(text)} COLLATE "C"`;
}

/** The rest of an ORDER BY term: what is absent counts as less than everything else, as in Orthanc with SQLite. */
export function direction(descending: boolean): string {
  return descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST';
}

/** ORDER BY terms for the text of a main tag; see `direction` for resources without it. */
export function mainTagOrder(level: Level, home: Level, tag: number, descending: boolean): string {
  const { alias, columns } = placeOf(level, home);
  const known = columns[tagHex(tag)];
  const text = mainTagText(level, home, tag);
  if (!known || known.normalized) return `${orderedText(text)} ${direction(descending)}`;
  // the column has no upper and lower case, and is empty where there is no tag: its index serves
  const name = `${alias}.${known.name}`;
  return descending ? `${name} DESC, ${text} IS NULL` : `${name}, ${text} IS NOT NULL`;
}

/** Whether a column of a level, and so an index, is asked for a main tag. */
export function isColumnAsked(level: Level, home: Level, { tag, match }: TagConstraint): boolean {
  const known = placeOf(level, home).columns[tagHex(tag)];
  return known !== undefined && tells(known, match);
}

/** The condition that a main tag of a level matches. */
export function mainTagCondition(level: Level, home: Level, constraint: TagConstraint, parameters: Parameters): string {
  return placeCondition(placeOf(level, home), constraint, parameters);
}

/** The condition that a main tag of a lower level matches in any of the resources below. */
export function lowerTagCondition(
  level: Level,
  home: Exclude<Level, 'Patient'>,
  constraint: TagConstraint,
  parameters: Parameters,
): string {
  const { from, where } = descendants(home, level);
  const alias = `d${depthOf(home)}`;
  const place = { alias, tags: `${alias}.main_tags`, columns: COLUMNS[home] };
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${where} AND ${placeCondition(place, constraint, parameters)})`;
}

/** Where a column repeats a tag it is asked first, for its index, and the tag's own text only about what the column cannot tell. */
function placeCondition({ alias, tags, columns }: TagPlace, constraint: TagConstraint, parameters: Parameters): string {
  const { tag, match } = constraint;
  const text = `(${tags}->>'${tagHex(tag)}')`;
  const known = columns[tagHex(tag)];
  if (known?.normalized) return narrowedCondition(`${alias}.${known.name}`, text, constraint, parameters);
  const asked = known && columnCondition(`${alias}.${known.name}`, known, match, parameters);
  if (asked === undefined) return decidedBy(text, constraint, parameters);
  return meetsEmpty(match) ? `${asked} AND ${text} IS NOT NULL` : asked;
}

/** The condition that a text, null where absent, matches. */
export function textCondition(text: string, match: Match, caseSensitive: boolean, parameters: Parameters): string {
  const folded = (wanted: readonly string[]): string => (caseSensitive ? text : upperFor(wanted, text));
  const fold = (value: string): string => (caseSensitive ? value : value.toUpperCase());
  switch (match.kind) {
    case 'exact':
      return equals(folded(match.values), match.values.map(fold), parameters);
    case 'range':
      return rangeConditions(`${text} COLLATE "C"`, match, parameters).join(' AND ') || `${text} IS NOT NULL`;
    case 'wildcard':
      return `${folded([match.pattern])} LIKE ${parameters.add(likePattern(fold(match.pattern)))}`;
    case 'words':
      return wordsCondition(normalizedText(match.words, text), match.words, parameters);
    case 'any':
      return anyOf(match.of.map((each) => textCondition(text, each, caseSensitive, parameters)));
  }
}

/** As normalize.ts, for a comparison with certain texts. */
function normalizedText(wanted: readonly string[], text: string): string {
  return upperFor(wanted, `regexp_replace(normalize(${text}, NFD), '[\\u0300-\\u036f]', '', 'g')`);
}

/** So many words an index is asked for, the longest: few names have all of them. */
const WORDS_ASKED_FOR = 4;

/** However many words there are, a statement has few conditions: planning thousands takes minutes. */
function wordsCondition(normalized: string, words: readonly string[], parameters: Parameters): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const asked = longestFirst
    .slice(0, WORDS_ASKED_FOR)
    .map((word) => `${normalized} ~ ${parameters.add(wordPattern(word))}`);
  const others = longestFirst.slice(WORDS_ASKED_FOR).map((word) => `% ${likePattern(word)}%`);
  if (others.length > 0) asked.push(`${spacedWords(normalized)} LIKE ALL (${parameters.add(others)}::text[])`);
  return asked.join(' AND ');
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.map((condition) => `(${condition})`).join(' OR ')})`;
}

/** As `textCondition`, where a column has the normalised text: it is asked first, for its index and what the planner knows of it. */
export function narrowedCondition(
  column: string,
  text: string,
  constraint: TagConstraint,
  parameters: Parameters,
): string {
  const asked = columnCondition(column, { normalized: true }, constraint.match, parameters);
  // what is looked for in normalised text alone
  if (asked !== undefined && constraint.match.kind === 'words') return asked;
  const decides = decidedBy(text, constraint, parameters);
  return asked === undefined ? decides : `${asked} AND ${decides}`;
}

/** As `textCondition`; never null, which keeps the planner from guessing that hardly any text meets it, or from guessing twice. */
function decidedBy(text: string, { match, caseSensitive }: TagConstraint, parameters: Parameters): string {
  return `coalesce(${textCondition(text, match, caseSensitive, parameters)}, false)`;
}

/** undefined where the column cannot help. */
function columnCondition(name: string, column: ColumnText, match: Match, parameters: Parameters): string | undefined {
  return tells(column, match) ? asksColumn(name, column, match, parameters) : undefined;
}

type ColumnText = Pick<TagColumn, 'normalized'>;

/** Whether a column can tell what surely does not match. */
function tells(column: ColumnText, match: Match): boolean {
  const { normalized } = column;
  switch (match.kind) {
    case 'exact':
      // one that is not normalised knows nothing of upper and lower case
      return normalized || !match.values.some((value) => /\p{L}/u.test(value));
    case 'range':
      return !normalized && (match.from !== undefined || match.to !== undefined);
    case 'wildcard':
    case 'words':
      return normalized;
    case 'any':
      return match.of.every((each) => tells(column, each));
  }
}

function asksColumn(name: string, column: ColumnText, match: Match, parameters: Parameters): string {
  switch (match.kind) {
    case 'exact':
      return equals(name, column.normalized ? match.values.map(normalize) : match.values, parameters);
    case 'range':
      return rangeConditions(name, match, parameters).join(' AND ');
    case 'wildcard':
      return `${name} LIKE ${parameters.add(normalizedLikePattern(match.pattern))}`;
    case 'words':
      return wordsCondition(name, match.words, parameters);
    case 'any':
      return anyOf(match.of.map((each) => asksColumn(name, column, each, parameters)));
  }
}

/** Whether an empty text matches, which in a column may stand for a tag that is absent. */
function meetsEmpty(match: Match): boolean {
  switch (match.kind) {
    case 'exact':
      return match.values.includes('');
    case 'range':
      return !match.from;
    case 'any':
      return match.of.some(meetsEmpty);
    default:
      return false;
  }
}

function equals(expression: string, values: readonly string[], parameters: Parameters): string {
  if (values.length === 1) return `${expression} = ${parameters.add(values[0])}`;
  return `${expression} = ANY (${parameters.add(values)}::text[])`;
}

function rangeConditions(
  expression: string,
  { from, to }: { readonly from?: string; readonly to?: string },
  parameters: Parameters,
): string[] {
  return [
    ...(from === undefined ? [] : [`${expression} >= ${parameters.add(from)}`]),
    ...(to === undefined ? [] : [`${expression} <= ${parameters.add(to)}`]),
  ];
}
