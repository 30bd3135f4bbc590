import { type RecordedEvent, type Skips, UnknownEventVersion } from '@annal/domain';
import { decodeEvent, UnfoldableEvent } from '../fold/decode.js';

/** A rebuild came to an event that cannot be folded. */
export class RebuildStopped extends Error {
  override readonly name = 'RebuildStopped';
}

/** The error of a batch, with the event to blame where there is one. */
export function explainStop(error: unknown, events: readonly RecordedEvent[], skipped: Skips | undefined): unknown {
  if (!(error instanceof UnfoldableEvent || error instanceof UnknownEventVersion)) return error;
  const event = events.find((one) => !skipped?.has(one) && !canBeOpened(one));
  if (!event) return error;
  const { offset } = event.position;
  return new RebuildStopped(
    `The event at offset ${offset} cannot be folded: ${error.message}. See: annal events show ${offset}`,
    { cause: error },
  );
}

function canBeOpened(event: RecordedEvent): boolean {
  try {
    decodeEvent(event);
    return true;
  } catch {
    return false;
  }
}
