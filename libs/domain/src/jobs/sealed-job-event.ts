import type { EventEnvelope } from '../log/envelope.js';
import type { Sealer } from '../ports/sealer.js';
import type { JobPart, SealedJobEvent } from './job-event.js';

/** An event of a job with what it says sealed by the job's own key. */
export async function sealedJobEvent<E extends SealedJobEvent>(
  event: EventEnvelope<E>,
  part: JobPart,
  sealer: Pick<Sealer, 'sealJob'>,
): Promise<EventEnvelope<E>> {
  const sealed = await sealer.sealJob({ job: event.data.id, eventId: event.id, text: JSON.stringify(part) });
  return { ...event, sealed };
}
