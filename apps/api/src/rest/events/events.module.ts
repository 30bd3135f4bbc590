import { Module } from '@nestjs/common';
import { EventArrivals } from './event-arrivals.js';
import { EventPages } from './event-pages.js';
import { EventStream } from './event-stream.js';
import { EventsController } from './events.controller.js';

@Module({
  controllers: [EventsController],
  providers: [
    EventPages,
    EventArrivals,
    {
      provide: EventStream,
      useFactory: (pages: EventPages, arrivals: EventArrivals) => new EventStream(pages, arrivals),
      inject: [EventPages, EventArrivals],
    },
  ],
})
export class EventsModule {}
