/** What was sent cannot be kept as a DICOM instance. */
export class NotDicom extends Error {
  override readonly name = 'NotDicom';
}

/** A DICOM file without StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID. */
export class MissingIdentifier extends Error {
  override readonly name = 'MissingIdentifier';
}
