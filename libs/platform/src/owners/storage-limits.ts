import type { AnnalConfiguration } from '../config/index.js';
import type { StorageLimits } from '@annal/projections';

const MEGABYTE = 1024 * 1024;

/** How much a configuration allows to be stored. */
export function storageLimits({ MaximumStorageSize, MaximumPatientCount }: AnnalConfiguration): StorageLimits {
  return { size: MaximumStorageSize * MEGABYTE, patients: MaximumPatientCount };
}
