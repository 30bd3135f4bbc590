import type { AttachmentPlace, ExpectedAttachment } from '../attachment-place.js';

/** A user's attachment is taken off its resource. */
export interface AttachmentRemoved {
  readonly type: 'annal.attachment.removed.v1';
  readonly data: AttachmentPlace & { readonly expected?: ExpectedAttachment };
}
