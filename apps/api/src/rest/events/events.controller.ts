import { Readable } from 'node:stream';
import { viewEvent } from '@annal/domain';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientGone } from '../../http/answers/client-gone.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersBytes } from '../../http/open-api/answers.js';
import { EventArrivals } from './event-arrivals.js';
import { EVENTS } from './event-description.js';
import { EventPages, type EventPage } from './event-pages.js';
import { EventStream } from './event-stream.js';
import { EventsQuery, readEventsQuery } from './events-query.js';

/** The most streams one process keeps open. */
const MAX_STREAMS = 200;

/** The immutable log: what happened, in which order, and who did it. Without the values of DICOM tags. */
@ApiTags('Events')
@Controller('events')
export class EventsController {
  private streams = 0;

  constructor(
    @Inject(EventPages) private readonly pages: EventPages,
    @Inject(EventArrivals) private readonly arrivals: EventArrivals,
    @Inject(EventStream) private readonly stream: EventStream,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'A page of the log; with "wait" as soon as there is an event; with Accept: text/event-stream all to come',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Where a broken stream goes on; counts more than "since"',
  })
  @AnswersBytes(['application/json', 'text/event-stream'], EVENTS)
  async read(
    @Query() query: EventsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { since, limit, wait } = readEventsQuery(query);
    const gone = clientGone(reply);
    if (request.headers.accept?.split(',').some((type) => type.trim().startsWith('text/event-stream'))) {
      return this.open(query, request, reply, since, gone);
    }
    let page = await this.pages.read(since, limit, query);
    const deadline = Date.now() + wait;
    while (page.events.length === 0 && page.done && Date.now() < deadline && !gone.aborted && !this.arrivals.stopping) {
      await this.arrivals.wait(page.last, deadline - Date.now(), gone);
      page = await this.pages.read(page.last, limit, query);
    }
    return view(page);
  }

  private open(
    query: EventsQuery,
    request: FastifyRequest,
    reply: FastifyReply,
    since: number,
    signal: AbortSignal,
  ): Readable {
    if (this.streams >= MAX_STREAMS) throw new OrthancError('DatabaseUnavailable', 'Too many streams are open');
    this.streams++;
    reply.raw.once('close', () => this.streams--);
    // between events nothing moves on the connection
    request.raw.socket.setTimeout(0);
    const seen = readEventsQuery({ since: request.headers['last-event-id'] as string | undefined }).since;
    reply.header('Content-Type', 'text/event-stream').header('Cache-Control', 'no-store');
    return Readable.from(this.stream.follow(Math.max(since, seen), query, signal));
  }
}

function view(page: EventPage): object {
  return { Done: page.done, Events: page.events.map(viewEvent), Last: page.last };
}
