import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import { COLLECTIONS } from '../../resources/level.js';
import type { AttachmentRemoved } from './attachment-removed.js';
import { RemoveAttachment, type RemoveAttachmentResult } from './remove-attachment.js';

/** Appends the removal, and says what the fold made of it. */
@CommandHandler(RemoveAttachment)
export class RemoveAttachmentHandler implements ICommandHandler<RemoveAttachment> {
  constructor(private readonly writer: EventWriter) {}

  async execute({ place, expected, context }: RemoveAttachment): Promise<RemoveAttachmentResult> {
    const data = { ...place, ...(expected === undefined ? {} : { expected }) };
    const event = envelope<AttachmentRemoved>(
      { type: 'annal.attachment.removed.v1', data },
      `${COLLECTIONS[place.level]}/${place.id}`,
      context,
    );
    const { outcomes } = await this.writer.submit([event]);
    const kind = outcomes[0]?.kind;
    return kind === 'not-found' || kind === 'conflict' ? kind : 'removed';
  }
}
