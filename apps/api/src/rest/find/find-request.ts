import type { DicomDictionary, TagFormat } from '@annal/dicom';
import { type Level, LEVELS, parseLevel } from '@annal/domain';
import {
  type FindQuery,
  type LabelsConstraint,
  mainTagLevel,
  parseMatch,
  type TagConstraint,
  WildcardNotAllowed,
} from '@annal/projections';
import { isJsonObject, type Json, type JsonObject } from '../../http/body/parse-json.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { MetadataNames } from '../metadata/metadata-names.js';
import { EXPANDED, parseContents, type ResourceContents } from '../resources/resource-contents.js';
import { parseRequestedTags, parseTags } from '../resources/requested-tags.js';
import { formatIn } from '../resources/tag-format.js';
import { type FindContext, unknownTag } from './find-context.js';
import { parseOrder } from './find-order.js';

/** What a request for a search asks. */
export interface FindRequest {
  readonly query: FindQuery;
  readonly format: TagFormat;
  /** undefined: only identifiers. */
  readonly contents: ResourceContents | undefined;
  readonly requested: readonly number[];
}

const bad = (details: string): OrthancError => new OrthancError('BadRequest', details);

/** Reads what `POST /tools/find` sends. @throws OrthancError 400 */
export function parseFind(body: JsonObject, context: FindContext): FindRequest {
  const query = parseFindQuery(body, context);
  const since = countOf(body, 'Since');
  const limit = countOf(body, 'Limit');
  const contents = contentsOf(body);
  return {
    query: {
      ...query,
      order: parseOrder(body.OrderBy, context),
      ...(since !== undefined && { since }),
      ...(limit !== undefined && limit > 0 && { limit }),
    },
    format: formatIn(body),
    contents,
    // clients see what was looked for: main tags are shown as they are, others where they are requested
    requested: [...requestedOf(body, context), ...beyondMainTags(query, context)],
  };
}

/** Reads what `POST /tools/count-resources` sends: the conditions alone. @throws OrthancError 400 */
export function parseFindQuery(body: JsonObject, context: FindContext): FindQuery {
  if (typeof body.Level !== 'string') throw bad('Field "Level" is missing, or should be a string');
  const conditions = body.Query === null ? {} : body.Query;
  if (!isJsonObject(conditions)) throw bad('Field "Query" is missing, or should be a JSON object');
  const level = levelNamed(body.Level);
  const { CaseSensitive } = body;
  if (CaseSensitive !== undefined && typeof CaseSensitive !== 'boolean') {
    throw bad('Field "CaseSensitive" must be a Boolean');
  }
  const caseSensitive = CaseSensitive ?? context.caseSensitive;
  return {
    level,
    constraints: constraintsOf(conditions, caseSensitive, context.dictionary),
    within: withinOf(body),
    metadata: metadataOf(body.MetadataQuery, caseSensitive, context.metadataNames),
    labels: labelsOf(body),
  };
}

/** The level that a word names, in singular or plural. @throws OrthancError 400 */
export function levelNamed(word: string): Level {
  const level = /^images?$/i.test(word) ? 'Instance' : parseLevel(word);
  if (level === undefined) throw new OrthancError('ParameterOutOfRange', `Invalid resource type '${word}'`);
  return level;
}

function constraintsOf(query: JsonObject, caseSensitive: boolean, dictionary: DicomDictionary): TagConstraint[] {
  return Object.entries(query).flatMap(([name, key]) => {
    if (typeof key !== 'string') throw bad(`Tag "${name}" must be associated with a string`);
    const [tag] = parseTags(dictionary, [name], unknownTag);
    const named = dictionary.parseTag(name);
    try {
      const match = parseMatch(tag!, dictionary.vrOf(tag!, named?.privateCreator), key);
      return match ? [{ tag: tag!, match, caseSensitive }] : [];
    } catch (error) {
      if (error instanceof WildcardNotAllowed) throw new OrthancError('ParameterOutOfRange', error.message);
      throw error;
    }
  });
}

function withinOf(body: JsonObject): FindQuery['within'] {
  const within: Partial<Record<Level, string>> = {};
  for (const level of LEVELS.filter((each) => each !== 'Instance')) {
    const id = body[`Parent${level}`];
    if (id === undefined) continue;
    if (typeof id !== 'string') throw bad(`Field "Parent${level}" must be a string`);
    within[level] = id;
  }
  return within;
}

function metadataOf(query: Json | undefined, caseSensitive: boolean, names: MetadataNames): FindQuery['metadata'] {
  if (query === undefined) return undefined;
  if (!isJsonObject(query)) throw bad('Field "MetadataQuery" must be an JSON object');
  return Object.entries(query).flatMap(([text, key]) => {
    if (typeof key !== 'string') throw bad(`Tag "${text}" must be associated with a string`);
    const name = names.keyOf(names.parse(text));
    // compared as long text
    const match = parseMatch(0, 'LO', key);
    return match ? [{ name, match, caseSensitive }] : [];
  });
}

const HAVING: Readonly<Record<string, LabelsConstraint['having']>> = { All: 'all', Any: 'any', None: 'none' };

function labelsOf({ Labels, LabelsConstraint: constraint }: JsonObject): LabelsConstraint | undefined {
  if (Labels !== undefined && !Array.isArray(Labels)) throw bad('Field "Labels" must be an array of strings');
  const labels = (Labels ?? []).map((label) => {
    if (typeof label !== 'string') throw bad('Field "Labels" must contain strings');
    return label;
  });
  if (constraint !== undefined && typeof constraint !== 'string') {
    throw bad('Field "LabelsConstraint" must be an array of strings');
  }
  const having = HAVING[constraint ?? 'All'];
  if (having === undefined) throw bad('Field "LabelsConstraint" must be "All", "Any", or "None"');
  return labels.length > 0 ? { labels, having } : undefined;
}

function countOf(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw bad(`Field "${name}" must be an integer`);
  if (value < 0) throw new OrthancError('ParameterOutOfRange', `Field "${name}" must be a positive integer`);
  return value;
}

function contentsOf(body: JsonObject): ResourceContents | undefined {
  const { ResponseContent, Expand } = body;
  // numbers and null are taken as jsoncpp takes them, but no text
  if (typeof Expand === 'string' || (typeof Expand === 'object' && Expand !== null))
    throw bad('Field "Expand" must be a Boolean');
  if (ResponseContent === undefined) return Expand ? EXPANDED : undefined;
  if (!Array.isArray(ResponseContent)) throw bad('Field "ResponseContent" must be an array');
  return parseContents(ResponseContent.map(String));
}

function requestedOf({ RequestedTags }: JsonObject, { dictionary }: FindContext): readonly number[] {
  if (RequestedTags === undefined) return [];
  if (!Array.isArray(RequestedTags)) throw bad('Field "RequestedTags" must be an array');
  return parseRequestedTags(dictionary, RequestedTags.map(String), unknownTag);
}

function beyondMainTags({ level, constraints }: FindQuery, { mainTags }: FindContext): readonly number[] {
  return constraints.map(({ tag }) => tag).filter((tag) => mainTagLevel(mainTags, tag, level) === undefined);
}
