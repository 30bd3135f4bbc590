/** Which instance metadata say they are of. */
export interface MetadataOf {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** Metadata in the DICOM JSON model or the Native DICOM Model from which no instance can be made. */
export class BadMetadata extends Error {
  override readonly name = 'BadMetadata';
  readonly claimed: MetadataOf | undefined;
  /** Whether they refer to bulk data that are not there. */
  readonly bulkData: boolean;

  constructor(message: string, { claimed, bulkData = false }: { claimed?: MetadataOf; bulkData?: boolean } = {}) {
    super(message);
    this.claimed = claimed;
    this.bulkData = bulkData;
  }
}

/** Bulk data of a media type or transfer syntax of which no instance can be made. */
export class UnsupportedBulkData extends Error {
  override readonly name = 'UnsupportedBulkData';
}
