import type { RecordedEvent } from './envelope.js';
import { isOwnType } from './upcast.js';

/** An event as it is shown: everything but its sealed part, which holds the personal data. */
export interface EventView {
  readonly Actor: RecordedEvent['actor'];
  readonly CausationId?: string;
  readonly CorrelationId: string;
  readonly Data: unknown;
  readonly ID: string;
  readonly Offset: number;
  readonly Source: string;
  readonly Subject: string;
  readonly Time: string;
  readonly Type: string;
  /** Why the record is no event. */
  readonly Unreadable?: string;
}

/** Names each part: what is not named here is not shown, nor is what somebody else's record holds. */
export function viewEvent(event: RecordedEvent): EventView {
  const { unreadable } = event;
  return {
    Actor: event.actor,
    ...(event.causationId === undefined ? {} : { CausationId: event.causationId }),
    CorrelationId: event.correlationId,
    Data: unreadable === undefined && isOwnType(event.type) ? event.data : {},
    ID: event.id,
    Offset: event.position.offset,
    Source: event.source,
    Subject: event.subject,
    Time: event.time,
    Type: event.type,
    ...(unreadable === undefined ? {} : { Unreadable: unreadable }),
  };
}
