import { component, exactly, flag, listOf, type Schema, text, whole } from '../../http/open-api/schema.js';
import { ANY_OBJECT } from '../../http/open-api/shared-schemas.js';

const ACTOR: Schema = component(
  'Actor',
  exactly(
    {
      protocol: text('By which way it came in', ['http', 'dicomweb', 'dimse', 'job', 'system']),
      user: text('Who did it'),
      remoteAddress: text('From where'),
      aet: text('The calling application entity'),
      calledAet: text('The called application entity'),
    },
    ['user', 'remoteAddress', 'aet', 'calledAet'],
  ),
);

const EVENT: Schema = component(
  'Event',
  exactly(
    {
      Actor: ACTOR,
      CausationId: text('The event or command that it follows from'),
      CorrelationId: text('The request or job that it belongs to'),
      Data: { ...ANY_OBJECT, description: 'What happened: other members for each type of event' },
      ID: text('Its UUID'),
      Offset: whole('Its place in the log'),
      Source: text('The name of the server'),
      Subject: text('What it happened to'),
      Time: { type: 'string', format: 'date-time' },
      Type: text('The type of event with its version'),
      Unreadable: text('Why the record is no event'),
    },
    ['CausationId', 'Unreadable'],
  ),
);

/** A page of the log (`viewEvent`). */
export const EVENTS: Schema = component(
  'Events',
  exactly({
    Done: flag('Whether the end of the log was reached'),
    Events: listOf(EVENT),
    Last: whole('Where the next page goes on'),
  }),
);
