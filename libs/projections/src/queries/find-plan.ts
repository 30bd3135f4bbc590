import type { MainDicomTags } from '@annal/dicom';
import { depthOf, type Level, LEVELS } from '@annal/domain';
import { COMPUTED_TAGS, type ComputedTag, instancesOf, SOP_CLASS_UID } from './computed-tags.js';
import {
  type FindQuery,
  type LabelsConstraint,
  type OrderKey,
  type TagConstraint,
  UnsupportedQuery,
} from './find-query.js';
import { isAtOrAbove, LEVEL_TABLES } from './level-tables.js';
import {
  direction,
  isColumnAsked,
  lowerTagCondition,
  mainTagCondition,
  mainTagOrder,
  mainTagReach,
  mainTagText,
  narrowedCondition,
  orderedText,
  textCondition,
} from './main-tag-sql.js';
import { metadataSql } from './metadata-sql.js';
import type { Selection } from './selection.js';
import { Parameters } from './statement.js';

const STUDY_DATE = 0x00080020;
/** PatientID, AccessionNumber and the UIDs of studies, series and instances: few resources have the same, and columns repeat them. */
const IDENTIFIERS = new Set([0x00100020, 0x00080050, 0x0020000d, 0x0020000e, 0x00080018]);

/** A search as SQL, as far as SQL can decide it. */
export interface FindPlan {
  readonly selection: Selection;
  /** What only the header of an instance can decide. */
  readonly headerConstraints: readonly TagConstraint[];
}

/**
 * The level whose main tag a tag is for a query at `level`: the nearest one from there upwards; `below` when only a
 * lower level has it, undefined when none has.
 */
export function mainTagLevel(mainTags: MainDicomTags, tag: number, level: Level): Level | 'below' | undefined {
  const levels = LEVELS.filter((each) => mainTags.tags(each).includes(tag));
  return levels.findLast((each) => isAtOrAbove(each, level)) ?? (levels.length > 0 ? 'below' : undefined);
}

/**
 * Plans a search. Main tags of the level and of those above it are compared in SQL, and so is what the read models
 * compute; a main tag of a lower level matches nothing, as in Orthanc, unless the query looks below; every other tag is
 * left to the headers.
 * @throws UnsupportedQuery
 */
export function planFind(query: FindQuery, mainTags: MainDicomTags): FindPlan {
  const { level } = query;
  const parameters = new Parameters();
  const conditions: string[] = [];
  const headerConstraints: TagConstraint[] = [];
  let highest: Level = level;
  const reach = (needed: Level): void => {
    if (depthOf(needed) < depthOf(highest)) highest = needed;
  };
  for (const constraint of query.constraints) {
    if (constraint.sequences) {
      headerConstraints.push(constraint);
      continue;
    }
    const home = mainTagLevel(mainTags, constraint.tag, level);
    const computed = COMPUTED_TAGS.get(constraint.tag);
    if (home === 'below') {
      conditions.push(query.lookBelow ? conditionBelow(level, constraint, mainTags, parameters) : 'false');
    } else if (home !== undefined) {
      reach(mainTagReach(level, home));
      conditions.push(mainTagCondition(level, home, constraint, parameters));
    } else if (computed) {
      conditions.push(computed.level === level ? computedCondition(computed, constraint, parameters) : 'false');
    } else if (constraint.tag === SOP_CLASS_UID) {
      const { from, where, alias } = instancesOf(level);
      const condition = textCondition(`${alias}.sop_class_uid`, constraint.match, constraint.caseSensitive, parameters);
      conditions.push(`EXISTS (SELECT 1 FROM ${from} WHERE ${where} AND ${condition})`);
    } else {
      headerConstraints.push(constraint);
    }
  }
  for (const within of LEVELS) {
    const id = query.within?.[within];
    if (id === undefined) continue;
    if (!isAtOrAbove(within, level)) throw new UnsupportedQuery(`A ${within} does not contain a ${level}`);
    reach(within);
    conditions.push(`${LEVEL_TABLES[within].alias}.id = ${parameters.add(id)}`);
  }
  for (const { name, match, caseSensitive } of query.metadata ?? []) {
    conditions.push(textCondition(metadataSql(level, name), match, caseSensitive, parameters));
  }
  if (query.labels) conditions.push(labelsCondition(level, query.labels, parameters));
  const order = (query.order ?? []).map((key) => orderSql(key, level, mainTags, reach));
  const plannedByValue = conditions.length > 1 || query.constraints.some(({ match }) => match.kind !== 'exact');
  const isAlone = conditions.length === 1 && headerConstraints.length === 0;
  const isByIdentifier =
    isAlone && query.constraints[0] !== undefined && isIdentifier(query.constraints[0], level, mainTags);
  const isInIndex = level === 'Study' && isAlone && query.constraints[0]?.tag === STUDY_DATE;
  return {
    selection: { level, highest, conditions, order, parameters, plannedByValue, isByIdentifier, isInIndex },
    headerConstraints,
  };
}

/** Whether one value of an identifier is asked for, at the level that it identifies, or of the patient at that of studies. */
function isIdentifier(constraint: TagConstraint, level: Level, mainTags: MainDicomTags): boolean {
  const { tag, sequences, match } = constraint;
  if (sequences || match.kind !== 'exact' || match.values.length > 1 || !IDENTIFIERS.has(tag)) return false;
  const home = mainTagLevel(mainTags, tag, level);
  if (home === undefined || home === 'below' || mainTagReach(level, home) !== level) return false;
  return isColumnAsked(level, home, constraint);
}

/** The nearest level below that has the tag decides. */
function conditionBelow(
  level: Level,
  constraint: TagConstraint,
  mainTags: MainDicomTags,
  parameters: Parameters,
): string {
  return lowerTagCondition(level, lowerTagLevel(mainTags, constraint.tag, level)!, constraint, parameters);
}

/** The level whose main tag a tag is, of those below `level` the nearest one; undefined when none has it. */
export function lowerTagLevel(
  mainTags: MainDicomTags,
  tag: number,
  level: Level,
): Exclude<Level, 'Patient'> | undefined {
  const below = (['Study', 'Series', 'Instance'] as const).filter((each) => !isAtOrAbove(each, level));
  return below.find((each) => mainTags.tags(each).includes(tag));
}

function computedCondition({ sql, members }: ComputedTag, constraint: TagConstraint, parameters: Parameters): string {
  const { match, caseSensitive } = constraint;
  if (!members) return textCondition(sql, match, caseSensitive, parameters);
  const { from, where, value, normalized } = members;
  const condition = normalized
    ? narrowedCondition(normalized, `(${value})`, constraint, parameters)
    : textCondition(`(${value})`, match, caseSensitive, parameters);
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${where} AND ${condition})`;
}

/** A resource without labels has null there, which no index has to hold. */
function labelsCondition(level: Level, { labels, having }: LabelsConstraint, parameters: Parameters): string {
  const own = `${LEVEL_TABLES[level].alias}.labels`;
  const wanted = `${parameters.add(labels)}::text[]`;
  if (having === 'none') return `(${own} && ${wanted}) IS NOT TRUE`;
  return `${own} ${having === 'all' ? '@>' : '&&'} ${wanted}`;
}

function orderSql(key: OrderKey, level: Level, mainTags: MainDicomTags, reach: (needed: Level) => void): string {
  const { by, as, descending } = key;
  if ('metadata' in by) return orderedAs(metadataSql(level, by.metadata), as, descending);
  const home = mainTagLevel(mainTags, by.tag, level);
  if (home === undefined || home === 'below') {
    throw new UnsupportedQuery('Only main DICOM tags of the level and of those above it can order the answer');
  }
  reach(mainTagReach(level, home));
  if (as === 'text') return mainTagOrder(level, home, by.tag, descending);
  return orderedAs(mainTagText(level, home, by.tag), as, descending);
}

function orderedAs(text: string, as: OrderKey['as'], descending: boolean): string {
  // as in Orthanc, a text that is no number counts as 0
  const number = (form: string): string =>
    `CASE WHEN ${text} IS NOT NULL THEN coalesce(substring(${text} FROM '^ *(${form})')::numeric, 0) END`;
  const expression = {
    text: orderedText(text),
    integer: number('[+-]?[0-9]+'),
    float: number('[+-]?[0-9]+(?:[.][0-9]*)?(?:[eE][+-]?[0-9]{1,3})?'),
  }[as];
  return `${expression} ${direction(descending)}`;
}
