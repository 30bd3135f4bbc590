import type { Level } from '@annal/domain';
import type { ResourceRow } from '@annal/projections';

/** A metadata as it is read. */
export interface ReadMetadata {
  readonly value: string;
  readonly revision: number;
}

/** All metadata of a resource by their keys ({@link MetadataNames}). */
export function metadataOf(level: Level, row: ResourceRow): ReadonlyMap<string, ReadMetadata> {
  const own = Object.entries(JSON.parse(row.metadata!) as Readonly<Record<string, string>>);
  if (level !== 'Instance') own.push(['LastUpdate', row.lastUpdate!]);
  const users = JSON.parse(row.userMetadata ?? '{}') as Readonly<Record<string, ReadMetadata>>;
  return new Map([...own.map(([key, value]) => [key, { value, revision: 0 }] as const), ...Object.entries(users)]);
}
