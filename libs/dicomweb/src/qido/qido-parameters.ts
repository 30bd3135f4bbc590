import type { DicomDictionary } from '@annal/dicom';
import { type AttributePath, parseAttributePath, pathName } from './attribute-path.js';

/** What a value of an attribute must be; empty: anything, and the attribute is shown. */
export interface QidoFilter {
  readonly path: AttributePath;
  readonly value: string;
}

/** One key of an order. */
export interface QidoOrderKey {
  readonly tag: number;
  readonly descending: boolean;
}

/** The query parameters of a search transaction (PS3.18 section 8.3.4), understood. */
export interface QidoParameters {
  /** One for an attribute. */
  readonly filters: readonly QidoFilter[];
  readonly fields: readonly AttributePath[];
  /** Whether all attributes were asked for that there are. */
  readonly allFields: boolean;
  /** Whether person names are looked for loosely. */
  readonly fuzzy: boolean;
  /** undefined: all. */
  readonly limit?: number;
  readonly offset: number;
  readonly order: readonly QidoOrderKey[];
}

/** So many of what a client may name as often as it likes. */
export interface QidoLimits {
  readonly parameters: number;
  /** Attributes in all `includefield` together. */
  readonly attributes: number;
}

/** What a query cannot mean: `number` where a count is none. */
export class WrongQidoParameter extends Error {
  override readonly name = 'WrongQidoParameter';

  constructor(
    readonly kind: 'number' | 'value' | 'limit',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads the parameters of a search. Names that no dictionary knows are left alone, as other parameters are that the
 * standard may add; of what is given twice the last counts, but for `includefield`.
 * @throws WrongQidoParameter
 */
export function parseQidoParameters(
  pairs: readonly (readonly [name: string, value: string])[],
  dictionary: DicomDictionary,
  limits: QidoLimits,
): QidoParameters {
  if (pairs.length > limits.parameters) {
    throw new WrongQidoParameter('limit', `More than ${limits.parameters} parameters`);
  }
  const filters = new Map<string, QidoFilter>();
  const fields = new Map<string, AttributePath>();
  let parameters: Omit<QidoParameters, 'filters' | 'fields'> = { allFields: false, fuzzy: false, offset: 0, order: [] };
  for (const [name, value] of pairs) {
    switch (name) {
      case 'limit':
        parameters = { ...parameters, limit: unsigned(name, value) || undefined };
        break;
      case 'offset':
        parameters = { ...parameters, offset: unsigned(name, value) };
        break;
      case 'fuzzymatching':
        parameters = { ...parameters, fuzzy: fuzziness(value) };
        break;
      case 'orderby':
        parameters = { ...parameters, order: orderOf(value, dictionary) };
        break;
      case 'includefield':
        if (value.split(',').includes('all')) parameters = { ...parameters, allFields: true };
        for (const path of pathsIn(value, dictionary)) fields.set(pathName(path), path);
        break;
      default: {
        const path = parseAttributePath(name, dictionary);
        if (path) filters.set(pathName(path), { path, value });
      }
    }
    if (fields.size > limits.attributes) {
      throw new WrongQidoParameter('limit', `More than ${limits.attributes} attributes`);
    }
  }
  return { ...parameters, filters: [...filters.values()], fields: [...fields.values()] };
}

/** A tag with a comma in it is no list. */
const TAG_WITH_COMMA = /(?<![0-9a-fA-F])([0-9a-fA-F]{4}),([0-9a-fA-F]{4})(?![0-9a-fA-F])/g;

function pathsIn(list: string, dictionary: DicomDictionary): readonly AttributePath[] {
  const names = list.replace(TAG_WITH_COMMA, '$1$2').split(',');
  return names.map((name) => parseAttributePath(name, dictionary)).filter((path) => path !== undefined);
}

const UNSIGNED = 2 ** 32;

/** A number of 32 bits; what is negative counts from its end, as the unsigned integers of other servers do. */
function unsigned(name: string, text: string): number {
  const value = /^[+-]?\d{1,100}$/.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(value) < UNSIGNED)) throw new WrongQidoParameter('number', `"${name}" must be a number`);
  return value < 0 ? value + UNSIGNED : value;
}

function fuzziness(value: string): boolean {
  if (value !== 'true' && value !== 'false') {
    throw new WrongQidoParameter('value', `Not a proper value for fuzzy matching (true or false): ${value}`);
  }
  return value === 'true';
}

/** Attributes separated by commas, each with a `-` in front where larger values come first; none where it is empty. */
function orderOf(value: string, dictionary: DicomDictionary): readonly QidoOrderKey[] {
  if (value === '') return [];
  const entries = value.replace(TAG_WITH_COMMA, '$1$2').split(',');
  return entries.map((entry) => {
    const path = parseAttributePath(entry.replace(/^[+-]/, ''), dictionary);
    if (path?.length !== 1) throw new WrongQidoParameter('value', '"orderby" must be a list of main DICOM tags');
    return { tag: path[0]!, descending: entry.startsWith('-') };
  });
}
