import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { AnnotationLookup } from '../../ports/annotation-lookup.js';
import type { EventWriter } from '../../ports/event-writer.js';
import { COLLECTIONS } from '../../resources/level.js';
import { expectedOffset } from '../expected-offset.js';
import { DeleteMetadata, type DeleteMetadataResult } from './delete-metadata.js';
import type { MetadataDeleted } from './metadata-deleted.js';

/** Appends that a metadata is gone, where it is there and as expected; the fold decides in log order. */
@CommandHandler(DeleteMetadata)
export class DeleteMetadataHandler implements ICommandHandler<DeleteMetadata> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: AnnotationLookup,
  ) {}

  async execute({ target, expected, context }: DeleteMetadata): Promise<DeleteMetadataResult> {
    const { level, id, metadata } = target;
    const current = (await this.lookup.metadataOf(level, id, metadata))?.current;
    if (!current) return 'not-found';
    const offset = expectedOffset(expected, current);
    if (offset === 'conflict') return 'conflict';
    const data = { level, id, metadata, ...(typeof offset === 'number' && { expected: offset }) };
    const subject = `${COLLECTIONS[level]}/${id}`;
    const { outcomes } = await this.writer.submit([
      envelope<MetadataDeleted>({ type: 'annal.metadata.deleted.v1', data }, subject, context),
    ]);
    const kind = outcomes[0]?.kind;
    return kind === 'not-found' || kind === 'conflict' ? kind : 'deleted';
  }
}
