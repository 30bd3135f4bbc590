import type { EventEnvelope } from '../log/envelope.js';
import type { Position } from '../log/position.js';
import type { Outcomes } from './outcome.js';

/** What became of a command's events: where they are in the log, and what the fold made of each. */
export interface Written {
  readonly positions: readonly Position[];
  readonly outcomes: Outcomes;
}

/**
 * Appends the events of one command and waits until they are folded, so that the caller reads its own writes on
 * whichever replica.
 */
export interface EventWriter {
  /** @throws AppendRefused, AppendUnknown */
  submit(events: readonly EventEnvelope[]): Promise<Written>;
}
