import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { Outcome } from '../../ports/outcome.js';
import type { ResourceLookup } from '../../ports/resource-lookup.js';
import { COLLECTIONS, type Level } from '../level.js';
import { DeleteResources } from './delete-resources.js';
import type { ResourceDeleted } from './resource-deleted.js';

/** Removals appended together, all or none: a batch of a log holds no more than a megabyte. */
const AT_ONCE = 200;

/**
 * Appends the removals of what is there, and says of each what became of it. Two who remove the same at once both ask
 * the log: the fold decides, in log order.
 */
@CommandHandler(DeleteResources)
export class DeleteResourcesHandler implements ICommandHandler<DeleteResources> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: ResourceLookup,
  ) {}

  async execute({ resources, context }: DeleteResources): Promise<readonly Outcome[]> {
    const levels = await this.lookup.levelsOf(resources.map(({ id }) => id));
    const there = resources.map(({ level, id }) => {
      const found = levels.get(id);
      return found !== undefined && (level === undefined || level === found) ? { level: found, id } : undefined;
    });
    const events = there.filter((resource) => resource !== undefined).map((resource) => deleted(resource, context));
    const outcomes: (Outcome | null)[] = [];
    for (let at = 0; at < events.length; at += AT_ONCE) {
      outcomes.push(...(await this.writer.submit(events.slice(at, at + AT_ONCE))).outcomes);
    }
    return there.map((resource) => (resource && outcomes.shift()) ?? { kind: 'not-found' });
  }
}

function deleted(
  { level, id }: { level: Level; id: string },
  context: DeleteResources['context'],
): ReturnType<typeof envelope<ResourceDeleted>> {
  return envelope<ResourceDeleted>(
    { type: 'annal.resource.deleted.v1', data: { level, id } },
    `${COLLECTIONS[level]}/${id}`,
    context,
  );
}
