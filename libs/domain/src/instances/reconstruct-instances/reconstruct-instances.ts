import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { Level } from '../../resources/level.js';
import type { StoredBlob } from '../store-instance/instance-stored.js';
import type { InstanceToStore } from '../store-instance/store-instance.js';

/** Take what these files say for what is known of their instances, in this order. */
export class ReconstructInstances extends Command<void> {
  /** @param only the one level that is to change; undefined: all */
  constructor(
    readonly instances: readonly ReadInstance[],
    readonly only: Level | undefined,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** An instance, and what its file says. */
export interface ReadInstance {
  readonly file: StoredBlob;
  readonly described: Omit<InstanceToStore, 'overwrite'>;
}
