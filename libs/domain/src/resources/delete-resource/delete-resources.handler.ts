import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { Outcomes } from '../../ports/outcome.js';
import { COLLECTIONS } from '../level.js';
import { DeleteResources } from './delete-resources.js';
import type { ResourceDeleted } from './resource-deleted.js';

/** Appends the removals; whether a resource was there is decided by the fold, in log order. */
@CommandHandler(DeleteResources)
export class DeleteResourcesHandler implements ICommandHandler<DeleteResources> {
  constructor(private readonly writer: EventWriter) {}

  async execute({ resources, context }: DeleteResources): Promise<Outcomes> {
    const events = resources.map(({ level, id }) =>
      envelope<ResourceDeleted>(
        { type: 'annal.resource.deleted.v1', data: { level, id } },
        `${COLLECTIONS[level]}/${id}`,
        context,
      ),
    );
    return (await this.writer.submit(events)).outcomes;
  }
}
