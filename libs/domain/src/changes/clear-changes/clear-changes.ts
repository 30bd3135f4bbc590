import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope, type EventContext } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { ChangesCleared } from './changes-cleared.js';

/** Empty the changes log (`DELETE /changes`). */
export class ClearChanges extends Command<void> {
  constructor(readonly context: EventContext) {
    super();
  }
}

@CommandHandler(ClearChanges)
export class ClearChangesHandler implements ICommandHandler<ClearChanges> {
  constructor(private readonly writer: EventWriter) {}

  async execute({ context }: ClearChanges): Promise<void> {
    await this.writer.submit([
      envelope<ChangesCleared>({ type: 'annal.changes.cleared.v1', data: {} }, 'changes', context),
    ]);
  }
}
