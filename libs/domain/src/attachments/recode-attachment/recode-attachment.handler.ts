import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { StorageQuota } from '../../ports/storage-quota.js';
import { COLLECTIONS } from '../../resources/level.js';
import { keepFile } from '../keep-file.js';
import type { AttachmentRecoded } from './attachment-recoded.js';
import { RecodeAttachment, type RecodeAttachmentResult } from './recode-attachment.js';

/** Keeps the recoded file; the fold makes garbage of the one it replaces, or of this one where it came too late. */
@CommandHandler(RecodeAttachment)
export class RecodeAttachmentHandler implements ICommandHandler<RecodeAttachment> {
  constructor(
    private readonly writer: EventWriter,
    private readonly quota: StorageQuota,
  ) {}

  async execute({ place, owner, replaces, file, context }: RecodeAttachment): Promise<RecodeAttachmentResult> {
    const event = envelope<AttachmentRecoded>(
      { type: 'annal.attachment.recoded.v1', data: { ...place, replaces, blob: file.blob } },
      `${COLLECTIONS[place.level]}/${place.id}`,
      context,
    );
    const outcome = await keepFile(file, owner, event, {
      writer: this.writer,
      quota: this.quota,
    });
    return outcome?.kind === 'ignored' ? 'ignored' : 'recoded';
  }
}
