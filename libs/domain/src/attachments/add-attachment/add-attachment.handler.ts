import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { StorageQuota } from '../../ports/storage-quota.js';
import { COLLECTIONS } from '../../resources/level.js';
import { keepFile } from '../keep-file.js';
import { AddAttachment, type AddAttachmentResult } from './add-attachment.js';
import type { AttachmentAdded } from './attachment-added.js';

/** Keeps the file, and says what the fold made of it; the file of one that was refused becomes garbage there. */
@CommandHandler(AddAttachment)
export class AddAttachmentHandler implements ICommandHandler<AddAttachment> {
  constructor(
    private readonly writer: EventWriter,
    private readonly quota: StorageQuota,
  ) {}

  async execute({ place, owner, expected, file, context }: AddAttachment): Promise<AddAttachmentResult> {
    const data = { ...place, blob: file.blob, ...(expected === undefined ? {} : { expected }) };
    const event = envelope<AttachmentAdded>(
      { type: 'annal.attachment.added.v1', data },
      `${COLLECTIONS[place.level]}/${place.id}`,
      context,
    );
    const outcome = await keepFile(file, owner, event, {
      writer: this.writer,
      quota: this.quota,
    });
    switch (outcome?.kind) {
      case 'revised':
      case 'conflict':
        return outcome;
      default:
        return { kind: 'not-found' };
    }
  }
}
