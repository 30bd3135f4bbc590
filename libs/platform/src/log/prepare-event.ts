import { AppendRefused, type EventEnvelope, upcast } from '@annal/domain';
import { decodeEvent, type DecodedEvent, isTooOldToAppend, isType, UnfoldableEvent } from '@annal/projections';

/** An event ready to be appended, and its JSON. */
export interface PreparedEvent {
  readonly decoded: DecodedEvent;
  readonly body: string;
}

/**
 * Reads an event as the fold will, so that one that cannot be folded fails its own command alone.
 * @throws AppendRefused
 */
export function prepareEvent(event: EventEnvelope, body: string): PreparedEvent {
  if (body.includes('\\u0000')) throw new AppendRefused('An event contains NUL, which no table can hold');
  return { decoded: decode(event), body };
}

function decode(event: EventEnvelope): DecodedEvent {
  try {
    const decoded = decodeEvent(upcast(event));
    if (
      isType(decoded.event, 'annal.instance.stored.v1') &&
      isTooOldToAppend(decoded.event.data.blob.key, Date.now())
    ) {
      throw new AppendRefused('The file took too long to arrive: send it again');
    }
    return decoded;
  } catch (error) {
    if (error instanceof UnfoldableEvent) throw new AppendRefused(error.message, { cause: error });
    throw error;
  }
}
