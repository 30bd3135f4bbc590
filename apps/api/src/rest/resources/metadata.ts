import type { Level } from '@annal/domain';
import type { ResourceRow } from '@annal/projections';

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
  HttpHost: 18,
};

/** The names and numbers of metadata, those of the option UserMetadata included. */
export class MetadataNames {
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly names: ReadonlyMap<number, string>;

  constructor(userMetadata: Readonly<Record<string, number>>) {
    const all = [...Object.entries(NUMBERS), ...Object.entries(userMetadata)];
    this.numbers = new Map(all);
    this.names = new Map(all.map(([name, number]) => [number, name]));
  }

  /** The name of what a request calls by its name or its number; undefined for what nothing is called. */
  parse(text: string): string | undefined {
    if (this.numbers.has(text)) return text;
    return /^\d{1,9}$/.test(text) ? (this.names.get(Number(text)) ?? text) : undefined;
  }

  /** The number of a name; a name that is none but a number is its own. */
  numberOf(name: string): number {
    return this.numbers.get(name) ?? Number(name);
  }
}

/** All metadata of a resource in alphabetical order. */
export function metadataOf(level: Level, row: ResourceRow): Readonly<Record<string, string>> {
  const stored = JSON.parse(row.metadata!) as Readonly<Record<string, string>>;
  const metadata = level === 'Instance' ? stored : { ...stored, LastUpdate: row.lastUpdate! };
  return Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
}
