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
 * @param maximum one that says it has more frames than this is shown as one picture: its header is wrong
 */
export function* instanceEntries(id: string, summary: Naturalized, maximum: number): Generator<object, void> {
  // relative to the viewer's pages, whatever path a proxy gives to both
  const url = `dicomweb:../instances/${id}/file`;
  const said = Math.floor(Number(summary.NumberOfFrames ?? 1));
  const frames = said > 1 && said <= maximum ? said : 1;
  const { SOPInstanceUID } = summary;
  for (let frame = 1; frame <= frames; frame += 1) {
    const metadata = frame === 1 ? summary : { SOPInstanceUID };
    yield { metadata, url: frames > 1 ? `${url}?frame=${frame}` : url };
  }
}
