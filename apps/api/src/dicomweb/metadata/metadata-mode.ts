import type { AnnalConfiguration } from '@annal/platform';

/** How much metadata tell: `StudiesMetadata`, `SeriesMetadata`. */
export type MetadataMode = AnnalConfiguration['DicomWeb']['StudiesMetadata'];
