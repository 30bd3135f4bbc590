import type { ArchiveInstance } from '@annal/projections';

/** An instance with the number that its file is named after. */
export interface NumberedInstance {
  readonly instance: ArchiveInstance;
  readonly number: number;
}

const NUMBER = /^\s*\+?(\d{1,20})\s*$/;
const LARGEST = 2n ** 64n - 1n;

/**
 * The instances of a series in the order of their numbers (InstanceNumber, else ImageIndex), as Orthanc numbers their
 * files: by these, if no two of them have the same, else one after the other.
 * @param instances of a whole series in the order of their identifiers
 */
export function numbered(instances: readonly ArchiveInstance[]): readonly NumberedInstance[] {
  const found = instances
    .map((instance) => ({ instance, number: numberOf(instance) }))
    .sort((a, b) => a.number - b.number);
  const unique = new Set(found.map(({ number }) => number)).size === found.length;
  return found.map(({ instance, number }, index) => ({ instance, number: unique ? number | 0 : index }));
}

/** Single instances that were asked for, in their order, by the numbers that they have. */
export function singly(instances: readonly ArchiveInstance[]): readonly NumberedInstance[] {
  return instances.map((instance) => ({ instance, number: numberOf(instance) | 0 }));
}

/** 32 bits of the number, 0 for none. */
function numberOf({ indexInSeries }: ArchiveInstance): number {
  const digits = NUMBER.exec(indexInSeries ?? '')?.[1];
  const number = digits === undefined ? 0n : BigInt(digits);
  return number > LARGEST ? 0 : Number(number & 0xffffffffn);
}
