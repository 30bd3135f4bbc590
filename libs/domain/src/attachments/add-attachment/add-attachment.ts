import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { IncomingFile } from '../../ports/incoming-file.js';
import type { FileOwner } from '../keep-file.js';
import type { AttachmentPlace, ExpectedAttachment } from '../attachment-place.js';

/** Attach this file to a resource. */
export class AddAttachment extends Command<AddAttachmentResult> {
  /** @param owner whom the file belongs to, and how much of it is there already */
  constructor(
    readonly place: AttachmentPlace,
    readonly owner: FileOwner,
    readonly expected: ExpectedAttachment | undefined,
    readonly file: IncomingFile,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** What became of it; `revision` counts how often it was changed before. */
export type AddAttachmentResult =
  | { readonly kind: 'revised'; readonly revision: number }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'conflict' };
