import type { StoredBlob } from '../instances/store-instance/instance-stored.js';

/** A DICOM file that has been received whole and checked, but is not kept yet. */
export interface IncomingFile {
  readonly blob: StoredBlob;
  /** Makes it durable under its key. */
  save(): Promise<void>;
  /** Forgets it, saved or not. */
  discard(): Promise<void>;
}
