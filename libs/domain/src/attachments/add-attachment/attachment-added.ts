import type { StoredBlob } from '../../instances/store-instance/instance-stored.js';
import type { AttachmentPlace, ExpectedAttachment } from '../attachment-place.js';

/** A user's file, durable in the blob store, is attached to a resource; it replaces one of the same number. */
export interface AttachmentAdded {
  readonly type: 'annal.attachment.added.v1';
  readonly data: AttachmentPlace & { readonly blob: StoredBlob; readonly expected?: ExpectedAttachment };
}
