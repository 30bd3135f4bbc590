import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { RemoteName } from '../remote.js';

/** Forget another server. */
export class RemoveRemote extends Command<void> {
  constructor(
    readonly remote: RemoteName,
    readonly context: EventContext,
  ) {
    super();
  }
}
