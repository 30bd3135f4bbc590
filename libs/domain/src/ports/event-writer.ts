import type { EventEnvelope } from '../log/envelope.js';
import type { Position } from '../log/position.js';
import type { Outcomes } from './outcome.js';

/** What became of a command's events: where they are in the log, and what the fold made of each. */
export interface Written {
  readonly positions: readonly Position[];
  readonly outcomes: Outcomes;
}

/** The events are durable and in their place, but the read models do not show them yet: they will. */
export class NotYetVisible extends Error {
  override readonly name = 'NotYetVisible';

  constructor(readonly positions: readonly Position[]) {
    super('The request is durable, but not visible yet');
  }
}

/**
 * Appends the events of one command and waits until they are folded, so that the caller reads its own writes on
 * whichever replica.
 */
export interface EventWriter {
  /** @throws AppendRefused, AppendUnknown, EventTooLarge, NotYetVisible */
  submit(events: readonly EventEnvelope[]): Promise<Written>;
}
