import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { AnnotationLookup } from '../../ports/annotation-lookup.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { Sealer } from '../../ports/sealer.js';
import { COLLECTIONS } from '../../resources/level.js';
import { expectedOffset } from '../expected-offset.js';
import type { MetadataSet } from './metadata-set.js';
import { SetMetadata, type SetMetadataResult } from './set-metadata.js';

/**
 * Appends the new value, sealed. Of several who replace the same value at once, each with the revision it knows, the fold
 * lets the first one in the log win.
 */
@CommandHandler(SetMetadata)
export class SetMetadataHandler implements ICommandHandler<SetMetadata> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: AnnotationLookup,
    private readonly sealer: Sealer,
  ) {}

  async execute({ target, value, expected, maximum, context }: SetMetadata): Promise<SetMetadataResult> {
    const { level, id, metadata } = target;
    const found = await this.lookup.metadataOf(level, id, metadata);
    if (!found) return { kind: 'not-found' };
    const offset = expectedOffset(expected, found.current);
    if (offset === 'conflict') return { kind: 'conflict' };
    const data = { level, id, metadata, ...(offset !== undefined && { expected: offset }), maximum };
    const event = envelope<MetadataSet>(
      { type: 'annal.metadata.set.v1', data },
      `${COLLECTIONS[level]}/${id}`,
      context,
    );
    const { study, patient } = found;
    const sealed = await this.sealer.sealValue({ study, patient, level, eventId: event.id, value });
    const { outcomes } = await this.writer.submit([{ ...event, sealed }]);
    const outcome = outcomes[0];
    switch (outcome?.kind) {
      case 'revised':
        return { kind: 'set', revision: outcome.revision };
      case 'not-found':
      case 'conflict':
      case 'too-many':
        return { kind: outcome.kind };
      default:
        return { kind: 'set', revision: 0 };
    }
  }
}
