import type { DicomDictionary } from '@annal/dicom';
import type { AttributePath, QidoFilter, QidoLevel, QidoParameters } from '@annal/dicomweb';
import {
  type FindQuery,
  type Match,
  parseMatch,
  type TagConstraint,
  WildcardNotAllowed,
  wordsMatch,
} from '@annal/projections';

/** What the path of a search names. */
export interface SearchScope {
  readonly level: QidoLevel;
  readonly study?: string;
  readonly series?: string;
}

const STUDY_INSTANCE_UID = 0x0020000d;
const SERIES_INSTANCE_UID = 0x0020000e;

/** Text that may itself have a comma. */
const PROSE = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const EMPTY: Match = { kind: 'exact', values: [''] };
const NOTHING: Match = { kind: 'exact', values: [] };
const RANGES = new Set(['DA', 'DT', 'TM']);

/** Turns the parameters of QIDO-RS into a search. The UIDs of the path replace those of the query. */
export class FindQueryWriter {
  constructor(
    private readonly dictionary: DicomDictionary,
    private readonly caseSensitive: boolean,
  ) {}

  /** @throws WildcardNotAllowed */
  write(scope: SearchScope, parameters: QidoParameters): FindQuery {
    const { filters, fuzzy, limit, offset, order } = parameters;
    return {
      level: scope.level,
      lookBelow: true,
      constraints: [
        ...scopeFilters(scope).map(({ path: [tag], value }) => this.uidConstraint(tag!, value)),
        ...filtersBeside(scope, filters).flatMap((filter) => this.constraint(filter, fuzzy)),
      ],
      order: order.map(({ tag, descending }) => ({ by: { tag }, as: this.orderOf(tag), descending })),
      since: offset,
      ...(limit !== undefined && { limit }),
    };
  }

  /** The UID of a path is one, never a list or a pattern: nothing outside of it is found. */
  private uidConstraint(tag: number, uid: string): TagConstraint {
    if (/[*?]/.test(uid)) throw new WildcardNotAllowed(tag);
    return { tag, match: { kind: 'exact', values: [uid] }, caseSensitive: this.caseSensitive };
  }

  private constraint({ path, value }: QidoFilter, fuzzy: boolean): readonly TagConstraint[] {
    const tag = path.at(-1)!;
    const match = this.match(tag, value, fuzzy);
    if (!match) return [];
    const { caseSensitive } = this;
    return [{ tag, match, caseSensitive, ...(path.length > 1 && { sequences: path.slice(0, -1) }) }];
  }

  /** Commas separate values as backslashes do, as in Orthanc; in prose they may also be meant. */
  private match(tag: number, value: string, fuzzy: boolean): Match | undefined {
    const vr = this.dictionary.vrOf(tag);
    if (vr === 'PN' && fuzzy && value !== '' && !/[*?]/.test(value)) return wordsMatch(value) ?? NOTHING;
    if (!/[,\\]/.test(value) || (vr !== undefined && RANGES.has(vr) && value.includes('-'))) {
      return parseMatch(tag, vr, value);
    }
    const texts = value.split(/[,\\]/);
    if (vr !== undefined && PROSE.has(vr) && value.includes(',')) texts.push(value);
    // one of several that is empty means an empty value, as in Orthanc, where one alone means any
    return oneOf(texts.map((text) => (text === '' ? EMPTY : parseMatch(tag, vr, text))));
  }

  private orderOf(tag: number): 'text' | 'integer' | 'float' {
    const vr = this.dictionary.vrOf(tag);
    return vr === 'IS' || vr === 'US' ? 'integer' : vr === 'DS' ? 'float' : 'text';
  }
}

/** What all filters name, those of the path among them. */
export function pathsInScope(scope: SearchScope, filters: readonly QidoFilter[]): readonly AttributePath[] {
  return [...scopeFilters(scope), ...filtersBeside(scope, filters)].map(({ path }) => path);
}

function scopeFilters({ study, series }: SearchScope): readonly QidoFilter[] {
  return [
    ...(study === undefined ? [] : [{ path: [STUDY_INSTANCE_UID], value: study }]),
    ...(series === undefined ? [] : [{ path: [SERIES_INSTANCE_UID], value: series }]),
  ];
}

function filtersBeside(scope: SearchScope, filters: readonly QidoFilter[]): readonly QidoFilter[] {
  const own = new Set(scopeFilters(scope).map(({ path: [tag] }) => tag));
  return filters.filter(({ path }) => path.length > 1 || !own.has(path[0]));
}

/** Plain values stay one list, which one index answers. */
function oneOf(matches: readonly (Match | undefined)[]): Match | undefined {
  const values: string[] = [];
  const others: Match[] = [];
  for (const match of matches) {
    // any value will do
    if (!match) return undefined;
    if (match.kind === 'exact') values.push(...match.values);
    else others.push(match);
  }
  const all: Match[] = values.length > 0 ? [{ kind: 'exact', values }, ...others] : others;
  return all.length > 1 ? { kind: 'any', of: all } : all[0];
}
