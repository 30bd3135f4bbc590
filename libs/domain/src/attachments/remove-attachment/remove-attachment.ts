import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { AttachmentPlace, ExpectedAttachment } from '../attachment-place.js';

/** Take a user's attachment off its resource. */
export class RemoveAttachment extends Command<RemoveAttachmentResult> {
  constructor(
    readonly place: AttachmentPlace,
    readonly expected: ExpectedAttachment | undefined,
    readonly context: EventContext,
  ) {
    super();
  }
}

export type RemoveAttachmentResult = 'removed' | 'not-found' | 'conflict';
