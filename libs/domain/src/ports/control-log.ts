import type { Actor, RecordedEvent } from '../log/envelope.js';

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

/**
 * Which events are passed over. An event is known by its place and its identity: decisions outlive a log that is made
 * anew, in which another event has that place.
 */
export class Skips {
  private readonly keys: ReadonlySet<string>;

  constructor(skips: readonly Pick<Skip, 'offset' | 'eventId'>[] = []) {
    this.keys = new Set(skips.map(({ offset, eventId }) => `${offset} ${eventId}`));
  }

  has({ id, position }: Pick<RecordedEvent, 'id' | 'position'>): boolean {
    return this.keys.has(`${position.offset} ${id}`);
  }
}
