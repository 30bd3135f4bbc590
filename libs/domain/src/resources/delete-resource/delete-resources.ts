import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { Outcome } from '../../ports/outcome.js';
import type { Level } from '../level.js';

/** Remove these resources and all below them, in this order, together. */
export class DeleteResources extends Command<readonly Outcome[]> {
  /** @param resources without a level: whatever has that identifier */
  constructor(
    readonly resources: readonly { readonly level?: Level; readonly id: string }[],
    readonly context: EventContext,
  ) {
    super();
  }
}
