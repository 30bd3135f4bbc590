/** Which instance a file says it is. */
export interface ClaimedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** What was sent cannot be kept as a DICOM instance. */
export class NotDicom extends Error {
  override readonly name = 'NotDicom';
}

/** A DICOM file without StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID. */
export class MissingIdentifier extends Error {
  override readonly name = 'MissingIdentifier';

  /** @param claimed where the file says it nevertheless */
  constructor(
    message: string,
    readonly claimed?: ClaimedInstance,
  ) {
    super(message);
  }
}
