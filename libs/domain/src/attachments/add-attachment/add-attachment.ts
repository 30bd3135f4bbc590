import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { IncomingFile } from '../../ports/incoming-file.js';
import type { AttachmentPlace, ExpectedAttachment } from '../attachment-place.js';

/** Attach this file to a resource. */
export class AddAttachment extends Command<AddAttachmentResult> {
  /** @param patientId Orthanc identifier of the patient that the resource is, or belongs to */
  constructor(
    readonly place: AttachmentPlace,
    readonly patientId: string,
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
