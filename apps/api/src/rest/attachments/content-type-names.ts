import type { AnnalConfiguration } from '@annal/platform';
import { OrthancError } from '../../http/errors/http-errors.js';

/** Orthanc's own kinds of attachments. */
const OWN: readonly (readonly [name: string, number: number])[] = [
  ['dicom', 1],
  ['dicom-as-json', 2],
  ['dicom-until-pixel-data', 3],
];
const ANY_TYPE = 'application/octet-stream';
const MAX_INT32 = 2 ** 31 - 1;

/** The names, numbers and media types of kinds of attachments, those of the option UserContentType included. */
export class ContentTypeNames {
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly names: ReadonlyMap<number, string>;
  private readonly mediaTypes: ReadonlyMap<number, string>;

  constructor(userContentType: AnnalConfiguration['UserContentType']) {
    const users = Object.entries(userContentType);
    const all = [...OWN, ...users.map(([name, { id }]) => [name, id] as const)];
    this.numbers = new Map(all);
    this.names = new Map(all.map(([name, number]) => [number, name]));
    this.mediaTypes = new Map([
      [1, 'application/dicom'],
      ...users.map(([, type]) => [type.id, type.mediaType] as const),
    ]);
  }

  /** The number of what a request calls by its name or its number. @throws OrthancError 404, 400 */
  parse(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new OrthancError('InexistentItem');
    const number = Number(text);
    if (/^-?\d+$/.test(text) && Math.abs(number) <= MAX_INT32) return number;
    throw new OrthancError('BadParameterType', 'Syntax error in some user-supplied data');
  }

  /** The name of a kind; of one without a name, its number. */
  nameOf(number: number): string {
    return this.names.get(number) ?? String(number);
  }

  /** The media type of the bytes of a kind. */
  mediaTypeOf(number: number): string {
    return this.mediaTypes.get(number) || ANY_TYPE;
  }
}
