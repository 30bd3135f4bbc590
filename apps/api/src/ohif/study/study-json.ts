import type { Naturalized } from '@annal/dicom';

/** What a study shows, by keyword. */
export const STUDY: readonly string[] = [
  'AccessionNumber',
  'PatientAge',
  'PatientID',
  'PatientName',
  'PatientSex',
  'StudyDate',
  'StudyDescription',
  'StudyInstanceUID',
  'StudyTime',
];
/** What a series shows, by keyword. */
export const SERIES: readonly string[] = [
  'Modality',
  'SeriesDate',
  'SeriesDescription',
  'SeriesInstanceUID',
  'SeriesNumber',
  'SliceThickness',
];

/** The attributes of a study, from one of its instances; empty where that has none. */
export function studyAttributes(summary: Naturalized): Naturalized {
  return Object.fromEntries(STUDY.map((keyword) => [keyword, summary[keyword] ?? '']));
}

/** The attributes of a series, from one of its instances. */
export function seriesAttributes(summary: Naturalized): Naturalized {
  return Object.fromEntries(
    SERIES.filter((keyword) => summary[keyword] !== undefined).map((keyword) => [keyword, summary[keyword]!]),
  );
}

/**
 * The entries of an instance among the `instances` of its series: one, or one for each frame where there are several,
 * for the viewer takes the address of a frame from the entry of that place. Those after the first one only name the instance.
 * @param id the instance's identifier
 */
export function instanceEntries(id: string, summary: Naturalized): readonly object[] {
  // relative to the viewer's pages, whatever path a proxy gives to both
  const url = `dicomweb:../instances/${id}/file`;
  const frames = Number(summary.NumberOfFrames ?? 1);
  if (!(frames > 1)) return [{ metadata: summary, url }];
  const { SOPInstanceUID } = summary;
  return Array.from({ length: frames }, (_, index) => ({
    metadata: index === 0 ? summary : { SOPInstanceUID },
    url: `${url}?frame=${index + 1}`,
  }));
}
