import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { IncomingFile } from '../../ports/incoming-file.js';
import type { ResourceIds } from '../../resources/identifiers.js';
import type { InstanceStored, InstanceTags } from './instance-stored.js';

/** Keep this DICOM file. */
export class StoreInstance extends Command<StoreResult> {
  constructor(
    readonly instance: InstanceToStore,
    readonly file: IncomingFile,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** What the file says of itself, and the rules it comes under. */
export interface InstanceToStore {
  readonly ids: ResourceIds;
  readonly tags: InstanceTags;
  /** The deflated header model. */
  readonly header: Buffer;
  readonly overwrite: boolean;
  readonly mainTagsSignatures?: InstanceStored['data']['mainTagsSignatures'];
  readonly pixelDataOffset?: number;
  readonly pixelDataVr?: string;
}

export interface StoreResult {
  /** NotYetVisible: durable, but the read models do not show it yet. */
  readonly status: 'Success' | 'AlreadyStored' | 'NotYetVisible';
  readonly ids: ResourceIds;
  /** Of what was there already: surely not the same bytes, which are not kept. */
  readonly differs?: true;
}
