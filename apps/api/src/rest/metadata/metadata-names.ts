import { OrthancError } from '../../http/errors/http-errors.js';

/** The numbers of Orthanc's own metadata (Orthanc Book, "Core metadata"). */
const NUMBERS: Readonly<Record<string, number>> = {
  IndexInSeries: 1,
  ReceptionDate: 2,
  RemoteAET: 3,
  ExpectedNumberOfInstances: 4,
  ModifiedFrom: 5,
  AnonymizedFrom: 6,
  LastUpdate: 7,
  Origin: 8,
  TransferSyntax: 9,
  SopClassUid: 10,
  RemoteIP: 11,
  CalledAET: 12,
  HttpUsername: 13,
  PixelDataOffset: 14,
  MainDicomTagsSignature: 15,
  MainDicomSequences: 16,
  PixelDataVR: 17,
};

/** Numbers are those of 32 bits, as in Orthanc. */
const LARGEST = 2 ** 31 - 1;

/**
 * The names and numbers of metadata. The read models know Orthanc's own by their names, and those that users define by
 * their numbers, which the option UserMetadata may give other names at any time: either is a *key* here.
 */
export class MetadataNames {
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly names: ReadonlyMap<number, string>;

  constructor(userMetadata: Readonly<Record<string, number>>) {
    const all = [...Object.entries(NUMBERS), ...Object.entries(userMetadata)];
    this.numbers = new Map(all);
    this.names = new Map(all.map(([name, number]) => [number, name]));
  }

  /** The number of what a request calls by its name or its number. @throws OrthancError 404, 400 */
  parse(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    if (!/^\s*-?\d+\s*$/.test(text)) throw new OrthancError('InexistentItem');
    const number = Number(text);
    if (/^-?\d+$/.test(text) && Math.abs(number) <= LARGEST) return number;
    throw new OrthancError('BadParameterType', 'Syntax error in some user-supplied data');
  }

  /** The key of a number. */
  keyOf(number: number): string {
    const name = this.names.get(number);
    return name !== undefined && Object.hasOwn(NUMBERS, name) ? name : String(number);
  }

  /** The number of a key. */
  numberOf(key: string): number {
    return NUMBERS[key] ?? Number(key);
  }

  /** What a key is called in answers. */
  nameOf(key: string): string {
    return this.names.get(Number(key)) ?? key;
  }
}
