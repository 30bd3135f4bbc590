import { type AnnalConfiguration, type DatabaseConfig, type EventsRequest, retryParked } from '@annal/platform';
import { type Archive, withArchive } from './archive.js';
import { showEvent, showParked } from './show.js';
import { skipEvent } from './skip.js';

/**
 * `annal events`: looks at events that cannot be folded and decides about them, beside servers that run.
 * @returns what is to be printed
 * @throws Refusal
 */
export function runEventsCommand(
  request: EventsRequest,
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
): Promise<string> {
  return withArchive(configuration, database, (archive) => {
    switch (request.action) {
      case 'show':
        return request.offset === undefined ? showParked(archive) : showEvent(archive, request.offset);
      case 'retry':
        return retry(archive);
      case 'skip':
        return skipEvent(archive, request);
    }
  });
}

/** A projector that stands in front of an event tries again once it is off the record. */
async function retry({ session }: Archive): Promise<string> {
  const count = await retryParked(session);
  if (count === 0) return 'No event is parked: there is nothing to try again.\n';
  return `${count === 1 ? '1 event is' : `${count} events are`} tried again. What became of it: annal events show\n`;
}
