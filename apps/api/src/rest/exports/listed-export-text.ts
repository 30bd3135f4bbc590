import { COLLECTIONS, LEVELS } from '@annal/domain';
import type { ListedExport } from '@annal/projections';

/** Listed exports as JSON text, separated by commas, with Orthanc's fields. */
export function listedExportsText(rows: readonly ListedExport[]): string {
  return rows.map((row) => JSON.stringify(view(row))).join(',\n');
}

function view({ seq, date, name, level, id, ...identifiers }: ListedExport): object {
  const { patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = identifiers;
  const type = LEVELS[level]!;
  return {
    Date: date,
    ID: id,
    Path: `/${COLLECTIONS[type]}/${id}`,
    PatientID: patientId,
    RemoteModality: name,
    ResourceType: type,
    ...(sopInstanceUid !== null && { SOPInstanceUID: sopInstanceUid }),
    Seq: seq,
    ...(seriesInstanceUid !== null && { SeriesInstanceUID: seriesInstanceUid }),
    ...(studyInstanceUid !== null && { StudyInstanceUID: studyInstanceUid }),
  };
}
