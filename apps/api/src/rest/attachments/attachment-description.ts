import { anyOf, byName, component, exactly, type Schema, text, whole } from '../../http/open-api/schema.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';

/** What `/info` of an attachment says. */
export const ATTACHMENT_INFO: Schema = component(
  'AttachmentInfo',
  exactly({
    CompressedMD5: text('MD5 of the bytes as they are stored'),
    CompressedSize: whole('Bytes as they are stored'),
    ContentType: whole('The number of the kind of attachment'),
    UncompressedMD5: text('MD5 of the attachment'),
    UncompressedSize: whole('Bytes'),
    Uuid: text('Its key in the storage'),
  }),
);

/** The names of attachments, or their numbers by their names. */
export const ATTACHMENTS: Schema = anyOf(NAMES, byName(whole('The number of the kind of attachment')));
