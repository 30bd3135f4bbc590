import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope, type EventContext } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { ExportsCleared } from './exports-cleared.js';

/** Empty the list of exports (`DELETE /exports`). */
export class ClearExports extends Command<void> {
  constructor(readonly context: EventContext) {
    super();
  }
}

@CommandHandler(ClearExports)
export class ClearExportsHandler implements ICommandHandler<ClearExports> {
  constructor(private readonly writer: EventWriter) {}

  async execute({ context }: ClearExports): Promise<void> {
    await this.writer.submit([
      envelope<ExportsCleared>({ type: 'annal.exports.cleared.v1', data: {} }, 'exports', context),
    ]);
  }
}
