import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { RemoteName } from '../remote.js';

/** Reach another server with these options from now on, whether it was known before or not. */
export class SetRemote extends Command<void> {
  /** @param options an object of JSON */
  constructor(
    readonly remote: RemoteName,
    readonly options: object,
    readonly context: EventContext,
  ) {
    super();
  }
}
