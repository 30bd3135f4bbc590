import { AppendRefused, type EventEnvelope, upcast } from '@annal/domain';
import {
  decodeEvents,
  type DecodedEvent,
  isTooOldToAppend,
  type OpenSealed,
  UnfoldableEvent,
} from '@annal/projections';
import { isConnectionLost } from '../postgres/session.js';

/** An event ready to be appended, and its JSON. */
export interface PreparedEvent {
  readonly decoded: DecodedEvent;
  readonly body: string;
}

/**
 * Reads the events of a command as the fold will, so that one that cannot be folded fails its own command alone.
 * @param bodies their JSON
 * @throws AppendRefused
 */
export async function prepareEvents(
  events: readonly EventEnvelope[],
  bodies: readonly string[],
  open: OpenSealed | undefined,
): Promise<readonly PreparedEvent[]> {
  if (bodies.some((body) => body.includes('\\u0000'))) {
    throw new AppendRefused('An event contains NUL, which no table can hold');
  }
  const results = await decode(events, open);
  return results.map((decoded, index) => {
    if (decoded instanceof UnfoldableEvent) throw new AppendRefused(decoded.message, { cause: decoded });
    if (decoded instanceof Error) throw decoded;
    refuseTooOld(decoded.event);
    refuseLostKey(decoded);
    return { decoded, body: bodies[index]! };
  });
}

async function decode(events: readonly EventEnvelope[], open: OpenSealed | undefined): ReturnType<typeof decodeEvents> {
  try {
    return await decodeEvents(
      events.map((event) => upcast(event)),
      open,
    );
  } catch (error) {
    // the keys are there; nothing was sent to the log yet
    if (isConnectionLost(error)) throw new AppendRefused('The database is not available', { cause: error });
    throw error;
  }
}

/** What is sealed with a key that is gone by now could not be opened by anybody. */
function refuseLostKey({ event, instance, value }: DecodedEvent): void {
  const part = instance ?? value;
  if (part && part.keyId !== (event.sealed?.keyId ?? null)) {
    throw new AppendRefused('The key of the study is not there any more: send the request again');
  }
}

function refuseTooOld(event: EventEnvelope): void {
  if ('blob' in event.data && isTooOldToAppend(event.data.blob.key, Date.now())) {
    throw new AppendRefused('The file took too long to arrive: send it again');
  }
}
