import type { Actor } from '../log/envelope.js';

/** An operator's word that an event which cannot be folded is passed over, for ever and by every rebuild. */
export interface Skip {
  readonly offset: number;
  readonly eventId: string;
  readonly reason: string;
  readonly actor: Actor;
  /** ISO 8601. */
  readonly time: string;
}

/** What operators decided about the event log: read as a whole before anything is folded. */
export interface ControlLog {
  skips(): Promise<readonly Skip[]>;
  /** Durable when it resolves. */
  skip(skip: Skip): Promise<void>;
  close(): Promise<void>;
}
