import type { DicomDictionary } from '@annal/dicom';
import type { AttributePath, QidoFilter, QidoLevel, QidoParameters } from '@annal/dicomweb';
import { type FindQuery, type Match, parseMatch, type TagConstraint, wordsMatch } from '@annal/projections';

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
      constraints: inScope(scope, filters).flatMap((filter) => this.constraint(filter, fuzzy)),
      order: order.map(({ tag, descending }) => ({ by: { tag }, as: this.orderOf(tag), descending })),
      since: offset,
      ...(limit !== undefined && { limit }),
    };
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
    if (vr === 'PN' && fuzzy && !/[*?]/.test(value)) return wordsMatch(value);
    if (!/[,\\]/.test(value) || (vr !== undefined && RANGES.has(vr) && value.includes('-'))) {
      return parseMatch(tag, vr, value);
    }
    const texts = value.split(/[,\\]/).filter((text) => text !== '');
    if (vr !== undefined && PROSE.has(vr) && value.includes(',')) texts.push(value);
    return oneOf(texts.map((text) => parseMatch(tag, vr, text)).filter((each) => each !== undefined));
  }

  private orderOf(tag: number): 'text' | 'integer' | 'float' {
    const vr = this.dictionary.vrOf(tag);
    return vr === 'IS' || vr === 'US' ? 'integer' : vr === 'DS' ? 'float' : 'text';
  }
}

/** The filters, those of the path among them. */
export function inScope({ study, series }: SearchScope, filters: readonly QidoFilter[]): readonly QidoFilter[] {
  const scope = new Map<number, string>();
  if (study !== undefined) scope.set(STUDY_INSTANCE_UID, study);
  if (series !== undefined) scope.set(SERIES_INSTANCE_UID, series);
  const own = [...scope].map(([tag, value]) => ({ path: [tag], value }));
  return [...own, ...filters.filter(({ path }) => !isOf(scope, path))];
}

function isOf(scope: ReadonlyMap<number, string>, path: AttributePath): boolean {
  return path.length === 1 && scope.has(path[0]!);
}

/** Plain values stay one list, which one index answers. */
function oneOf(matches: readonly Match[]): Match | undefined {
  const values: string[] = [];
  const others: Match[] = [];
  for (const match of matches) {
    if (match.kind === 'exact') values.push(...match.values);
    else others.push(match);
  }
  const all: Match[] = values.length > 0 ? [{ kind: 'exact', values }, ...others] : others;
  return all.length > 1 ? { kind: 'any', of: all } : all[0];
}
