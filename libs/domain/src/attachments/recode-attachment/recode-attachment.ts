import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { IncomingFile } from '../../ports/incoming-file.js';
import type { AttachmentPlace } from '../attachment-place.js';

/** Store the bytes of an attachment in another way. */
export class RecodeAttachment extends Command<RecodeAttachmentResult> {
  /**
   * @param replaces key of the blob whose bytes the file has
   * @param patientId Orthanc identifier of the patient that the resource is, or belongs to
   */
  constructor(
    readonly place: AttachmentPlace,
    readonly patientId: string,
    readonly replaces: string,
    readonly file: IncomingFile,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** `ignored`: the attachment was changed, or is gone. */
export type RecodeAttachmentResult = 'recoded' | 'ignored';
