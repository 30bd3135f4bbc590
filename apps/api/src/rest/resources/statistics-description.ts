import { component, exactly, type Schema, whole } from '../../http/open-api/schema.js';

/** The members that `sizes` makes. */
function sizesOf(...names: readonly string[]): Readonly<Record<string, Schema>> {
  const bytes: Schema = { type: 'string', pattern: String.raw`^\d+$`, description: 'Bytes' };
  return Object.fromEntries(
    names.flatMap((name) => [
      [name, bytes],
      [`${name}MB`, whole('Megabytes')],
    ]),
  );
}

/** How much a resource holds (`statistics.ts`). */
export const RESOURCE_STATISTICS: Schema = component(
  'ResourceStatistics',
  exactly(
    {
      CountInstances: whole('Those of a patient, study or series'),
      CountSeries: whole('Those of a patient or study'),
      CountStudies: whole('Those of a patient'),
      ...sizesOf('DicomDiskSize', 'DicomUncompressedSize', 'DiskSize', 'UncompressedSize'),
    },
    ['CountInstances', 'CountSeries', 'CountStudies'],
  ),
);

/** How much the archive holds. */
export const ARCHIVE_STATISTICS: Schema = component(
  'Statistics',
  exactly({
    CountInstances: whole('Instances'),
    CountPatients: whole('Patients'),
    CountSeries: whole('Series'),
    CountStudies: whole('Studies'),
    ...sizesOf('TotalDiskSize', 'TotalUncompressedSize'),
  }),
);
