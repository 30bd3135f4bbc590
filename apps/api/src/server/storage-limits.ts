import type { AnnalConfiguration } from '@annal/platform';
import type { StorageLimits } from '@annal/projections';

const MEGABYTE = 1024 * 1024;

/** How much a configuration allows to be stored. */
export function storageLimits({ MaximumStorageSize, MaximumPatientCount }: AnnalConfiguration): StorageLimits {
  return { size: MaximumStorageSize * MEGABYTE, patients: MaximumPatientCount };
}
