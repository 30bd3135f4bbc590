import type { EventLog, RecordedEvent } from '@annal/domain';
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_LOG } from '../../tokens.js';
import { type EventFilter, eventMatcher } from './event-filter.js';

/** Some events in the order of the log. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** The offset up to which everything was looked at: where the next page goes on. */
  readonly last: number;
  /** Whether the end of the log was reached. */
  readonly done: boolean;
}

const BATCH = 500;
/** The most events that are looked at for one page: a filter that matches little must not read the whole log. */
const MAX_LOOKED_AT = 20_000;

@Injectable()
export class EventPages {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** @param since the offset after which to begin; -1: the beginning */
  async read(since: number, limit: number, filter: EventFilter): Promise<EventPage> {
    const wanted = eventMatcher(filter);
    const events: RecordedEvent[] = [];
    let last = since;
    for (let looked = 0; looked < MAX_LOOKED_AT;) {
      // without a filter what is missing is enough
      const size =
        filter.type === undefined && filter.resource === undefined ? Math.min(BATCH, limit - events.length + 1) : BATCH;
      const batch = await this.log.read({ partition: 0, offset: last }, size);
      for (const event of batch) {
        if (wanted(event)) {
          if (events.length === limit) return { events, last, done: false };
          events.push(event);
        }
        last = event.position.offset;
      }
      if (batch.length < size) return { events, last, done: true };
      looked += batch.length;
    }
    return { events, last, done: false };
  }
}
