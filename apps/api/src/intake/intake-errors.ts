/** What was sent cannot be kept as a DICOM instance. */
export class NotDicom extends Error {
  override readonly name = 'NotDicom';
}

/** A DICOM file without StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID. */
export class MissingIdentifier extends Error {
  override readonly name = 'MissingIdentifier';
}

/** What was sent is no archive after all, or a damaged one. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

/** What was sent is larger than a limit; the message names it. */
export class BeyondLimit extends Error {
  override readonly name = 'BeyondLimit';
}
