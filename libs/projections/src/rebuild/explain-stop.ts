import { type RecordedEvent, type Skips, UnknownEventVersion } from '@annal/domain';
import { decodeEvents } from '../fold/decode.js';
import type { OpenSealed } from '../fold/opened-instance.js';
import { UnfoldableEvent } from '../fold/unfoldable-event.js';

/** A rebuild came to an event that cannot be folded. */
export class RebuildStopped extends Error {
  override readonly name = 'RebuildStopped';
}

/** The error of a batch, with the event to blame where there is one. */
export async function explainStop(
  error: unknown,
  events: readonly RecordedEvent[],
  { skipped, open }: { readonly skipped?: Skips; readonly open?: OpenSealed },
): Promise<unknown> {
  if (!(error instanceof UnfoldableEvent || error instanceof UnknownEventVersion)) return error;
  const wanted = events.filter((one) => !skipped?.has(one));
  const event = wanted[(await decodeEvents(wanted, open)).findIndex((result) => result instanceof Error)];
  if (!event) return error;
  const { offset } = event.position;
  return new RebuildStopped(
    `The event at offset ${offset} cannot be folded: ${error.message}. See: annal events show ${offset}`,
    { cause: error },
  );
}
