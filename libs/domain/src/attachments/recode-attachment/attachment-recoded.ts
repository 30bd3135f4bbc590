import type { StoredBlob } from '../../instances/store-instance/instance-stored.js';
import type { AttachmentPlace } from '../attachment-place.js';

/**
 * The same bytes of an attachment, perhaps of an instance's DICOM file, are stored in another way: compressed, or not
 * any more. The fold ignores the event unless the attachment is still the blob that was read.
 */
export interface AttachmentRecoded {
  readonly type: 'annal.attachment.recoded.v1';
  readonly data: AttachmentPlace & {
    /** Key of the blob that was read. */
    readonly replaces: string;
    readonly blob: StoredBlob;
  };
}
