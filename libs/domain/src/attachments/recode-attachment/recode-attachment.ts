import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { IncomingFile } from '../../ports/incoming-file.js';
import type { FileOwner } from '../keep-file.js';
import type { AttachmentPlace } from '../attachment-place.js';

/** Store the bytes of an attachment in another way. */
export class RecodeAttachment extends Command<RecodeAttachmentResult> {
  /**
   * @param replaces key of the blob whose bytes the file has
   * @param owner whom the file belongs to, and how much of it is there already
   */
  constructor(
    readonly place: AttachmentPlace,
    readonly owner: FileOwner,
    readonly replaces: string,
    readonly file: IncomingFile,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** `ignored`: the attachment was changed, or is gone. */
export type RecodeAttachmentResult = 'recoded' | 'ignored';
