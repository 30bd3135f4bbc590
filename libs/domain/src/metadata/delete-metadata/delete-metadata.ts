import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { Expected, MetadataOfResource } from '../set-metadata/set-metadata.js';

/** Take a metadata away from a resource. */
export class DeleteMetadata extends Command<DeleteMetadataResult> {
  constructor(
    readonly target: MetadataOfResource,
    readonly expected: Expected,
    readonly context: EventContext,
  ) {
    super();
  }
}

export type DeleteMetadataResult = 'deleted' | 'not-found' | 'conflict';
