import { createHash } from 'node:crypto';

/** The Orthanc identifiers of an instance and its ancestors. */
export interface ResourceIds {
  readonly patient: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** The DICOM identifiers they are made of, padding removed. */
export interface DicomIdentifiers {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/**
 * Orthanc identifiers: SHA-1 over the cumulated DICOM identifiers joined by `|`, as five groups of eight hex digits
 * (Orthanc Book, "Orthanc identifiers"). An absent PatientID counts as empty.
 */
export function resourceIds(dicom: DicomIdentifiers): ResourceIds {
  const parts = [dicom.patientId, dicom.studyInstanceUid, dicom.seriesInstanceUid, dicom.sopInstanceUid];
  const id = (count: number): string => orthancIdentifier(parts.slice(0, count).join('|'));
  return { patient: id(1), study: id(2), series: id(3), instance: id(4) };
}

/** The Orthanc identifier of a patient. @param patientId without padding */
export function patientIdentifier(patientId: string): string {
  return orthancIdentifier(patientId.trim());
}

const IDENTIFIER = /^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/;

/** Whether a text has the form of an Orthanc identifier. */
export function isOrthancIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

function orthancIdentifier(text: string): string {
  const hex = createHash('sha1').update(text, 'utf8').digest('hex');
  return [0, 8, 16, 24, 32].map((at) => hex.slice(at, at + 8)).join('-');
}
