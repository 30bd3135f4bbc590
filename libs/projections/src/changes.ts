import type { Level } from '@annal/domain';

/** The kinds of change, under Orthanc's names; the numbers are those of the tables. */
export const CHANGE_TYPES = {
  NewInstance: 1,
  NewSeries: 2,
  NewStudy: 3,
  NewPatient: 4,
  StableSeries: 5,
  StableStudy: 6,
  StablePatient: 7,
  Deleted: 8,
  UpdatedMetadata: 9,
  UpdatedAttachment: 10,
} as const;
export type ChangeType = keyof typeof CHANGE_TYPES;

const NAMES = new Map(Object.entries(CHANGE_TYPES).map(([name, code]) => [code as number, name as ChangeType]));

/** The name of a change type's number. @throws RangeError on an unknown number */
export function changeTypeName(code: number): ChangeType {
  const name = NAMES.get(code);
  if (name === undefined) throw new RangeError(`No change type has the number ${code}`);
  return name;
}

/** New… for a level. */
export function newChange(level: Level): number {
  return CHANGE_TYPES[`New${level}`];
}

/** Stable… for a level. */
export function stableChange(level: Exclude<Level, 'Instance'>): number {
  return CHANGE_TYPES[`Stable${level}`];
}
