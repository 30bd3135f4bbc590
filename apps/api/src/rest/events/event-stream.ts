import { viewEvent } from '@annal/domain';
import { renderJson } from '../../http/json/render-json.js';
import { type EventArrivals } from './event-arrivals.js';
import type { EventFilter } from './event-filter.js';
import { type EventPages } from './event-pages.js';

/** Events a page; what is read ahead of a slow client. */
const PAGE = 100;
/** A sign of life after this time without events, ms, so that proxies keep the connection. */
const SIGN_OF_LIFE = 15_000;

/** Events as server-sent events (WHATWG HTML section 9.2): `id` is the offset, `event` the type, `data` the event. */
export class EventStream {
  constructor(
    private readonly pages: EventPages,
    private readonly arrivals: EventArrivals,
  ) {}

  /** Goes on until the signal says so or the server stops. @param since the offset after which to begin */
  async *follow(since: number, filter: EventFilter, signal: AbortSignal): AsyncGenerator<string, void> {
    let at = since;
    yield 'retry: 1000\n\n';
    while (!signal.aborted && !this.arrivals.stopping) {
      const page = await this.pages.read(at, PAGE, filter);
      for (const event of page.events) {
        const data = renderJson(viewEvent(event)).replaceAll('\n', '\ndata: ');
        yield `id: ${event.position.offset}\nevent: ${event.type.replace(/\s/g, ' ')}\ndata: ${data}\n\n`;
      }
      at = page.last;
      if (!page.done) continue;
      await this.arrivals.wait(at, SIGN_OF_LIFE, signal);
      yield ': here\n\n';
    }
  }
}
