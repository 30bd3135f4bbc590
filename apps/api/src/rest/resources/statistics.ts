import type { ResourceStatistics } from '@annal/projections';

const MEGABYTE = 1024 * 1024;

/** Statistics of a resource as Orthanc prints them: sizes as text, and in whole megabytes. */
export function resourceStatisticsJson(statistics: ResourceStatistics): object {
  const { studies, series, instances, storedSize, size, dicomStoredSize, dicomSize } = statistics;
  return {
    ...(instances !== undefined && { CountInstances: instances }),
    ...(series !== undefined && { CountSeries: series }),
    ...(studies !== undefined && { CountStudies: studies }),
    ...sizes('DicomDiskSize', dicomStoredSize),
    ...sizes('DicomUncompressedSize', dicomSize),
    ...sizes('DiskSize', storedSize),
    ...sizes('UncompressedSize', size),
  };
}

/** A size under its name, and in megabytes. */
export function sizes(name: string, bytes: number): object {
  return { [name]: String(bytes), [`${name}MB`]: Math.floor(bytes / MEGABYTE) };
}
