import type { ResourceStatistics } from '@annal/projections';

const MEGABYTE = 1024 * 1024;

/** Statistics of a resource as Orthanc prints them: sizes as text, and in whole megabytes. All its bytes are DICOM files. */
export function resourceStatisticsJson({ studies, series, instances, storedSize, size }: ResourceStatistics): object {
  return {
    ...(instances !== undefined && { CountInstances: instances }),
    ...(series !== undefined && { CountSeries: series }),
    ...(studies !== undefined && { CountStudies: studies }),
    ...sizes('DicomDiskSize', storedSize),
    ...sizes('DicomUncompressedSize', size),
    ...sizes('DiskSize', storedSize),
    ...sizes('UncompressedSize', size),
  };
}

/** A size under its name, and in megabytes. */
export function sizes(name: string, bytes: number): object {
  return { [name]: String(bytes), [`${name}MB`]: Math.floor(bytes / MEGABYTE) };
}
