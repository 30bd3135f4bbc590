import type { EventEnvelope, RecordedEvent } from '../log/envelope.js';
import type { Position } from '../log/position.js';

/** The append failed and is surely not in the log. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}

/** The log takes no event of this size, now or later; it is surely not in it. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

/** The append may or may not be in the log: nothing may be cleaned up, and the request may have taken effect. */
export class AppendUnknown extends Error {
  override readonly name = 'AppendUnknown';
}

/** A running subscription. */
export interface Subscription {
  /** Resolves once it was stopped; rejects when the handler or the log failed. */
  readonly ended: Promise<void>;
  /** Ends it; resolves when the handler is not running any more. Rejects if the handler had failed. */
  stop(): Promise<void>;
}

/** The truth: one total order of events, durable before it answers. Adapters: PostgreSQL, Kafka (docs/architecture.md). */
export interface EventLog {
  /** The identity of this log, from its first event. */
  readonly logId: string;
  /**
   * Appends the events of one command together, never half of them; resolves with their positions once durable.
   * @throws AppendRefused, AppendUnknown, EventTooLarge
   */
  append(events: readonly EventEnvelope[]): Promise<readonly Position[]>;
  /** Up to `limit` events after a position, in order. */
  read(after: Position, limit: number): Promise<readonly RecordedEvent[]>;
  /** The position of the last event. */
  end(): Promise<Position>;
  /** Calls the handler with batches in order, from the one after `after` on, one call at a time, at least once. */
  subscribe(after: Position, handler: (events: readonly RecordedEvent[]) => Promise<void>): Subscription;
}
