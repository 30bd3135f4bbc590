import type { Actor, EventEnvelope, RecordedEvent, Sealed, Writing } from '@annal/domain';
import type { FetchedRecord, KafkaRecord } from '../../kafka/kafka-client.js';

/** A record that no log writer of this program can have written. */
export class ForeignRecord extends Error {
  override readonly name = 'ForeignRecord';
}

/** Attributes of CloudEvents 1.0 and our extensions, by the names they have in an envelope (Kafka protocol binding 1.0.2, section 3.2). */
const ATTRIBUTES = {
  ce_id: 'id',
  ce_type: 'type',
  ce_source: 'source',
  ce_time: 'time',
  ce_subject: 'subject',
  ce_correlationid: 'correlationId',
  ce_causationid: 'causationId',
} as const;
const ACTOR = {
  ce_actorprotocol: 'protocol',
  ce_actoruser: 'user',
  ce_actorremoteaddress: 'remoteAddress',
  ce_actoraet: 'aet',
  ce_actorcalledaet: 'calledAet',
} as const;
const WRITER = 'annal_writer';
const COUNTER = 'annal_counter';

/** The bytes that record headers and the record itself add to the value, at most. */
export const RECORD_OVERHEAD = 2048;

/** The value of an event's record: its data and, beside them, what is sealed. */
export function recordValue({ data, sealed }: EventEnvelope): Buffer {
  return Buffer.from(JSON.stringify(sealed === undefined ? data : { ...data, sealed }), 'utf8');
}

/** An event as a CloudEvent in binary content mode. */
export function toRecord(event: EventEnvelope, value: Buffer, { writer, counter }: Writing): KafkaRecord {
  const headers: Record<string, string> = { ce_specversion: '1.0', 'content-type': 'application/json' };
  for (const [header, name] of Object.entries(ATTRIBUTES)) {
    const text = event[name];
    if (text !== undefined) headers[header] = text;
  }
  for (const [header, name] of Object.entries(ACTOR)) {
    const text = event.actor[name];
    if (text !== undefined) headers[header] = text;
  }
  headers[WRITER] = writer;
  headers[COUNTER] = String(counter);
  return { key: event.subject, value, headers };
}

/** @throws ForeignRecord */
export function fromRecord(record: FetchedRecord): RecordedEvent {
  const offset = Number(record.offset);
  const text = (name: string): string | undefined => {
    const value = record.headers[name];
    return value === undefined
      ? undefined
      : (Array.isArray(value) ? (value as Buffer[])[0]! : (value as Buffer)).toString('utf8');
  };
  const required = (name: string): string => {
    const value = text(name);
    if (value === undefined) throw new ForeignRecord(`The record at offset ${offset} has no ${name}: it is no event`);
    return value;
  };
  const envelope: Record<string, unknown> = {};
  for (const [header, name] of Object.entries(ATTRIBUTES)) {
    const value = name === 'causationId' ? text(header) : required(header);
    if (value !== undefined) envelope[name] = value;
  }
  const actor: Record<string, string> = { protocol: required('ce_actorprotocol') };
  for (const [header, name] of Object.entries(ACTOR)) {
    const value = text(header);
    if (value !== undefined) actor[name] = value;
  }
  const { data, sealed } = contentOf(record, offset);
  return {
    ...envelope,
    actor: actor as unknown as Actor,
    data,
    ...(sealed === undefined ? {} : { sealed }),
    position: { partition: 0, offset },
    writing: { writer: required(WRITER), counter: Number(required(COUNTER)) },
  } as unknown as RecordedEvent;
}

function contentOf(record: FetchedRecord, offset: number): { readonly data: object; readonly sealed?: Sealed } {
  try {
    const { sealed, ...data } = JSON.parse(record.value!.toString('utf8')) as { readonly sealed?: Sealed };
    return { data, sealed };
  } catch (error) {
    throw new ForeignRecord(`The record at offset ${offset} holds no JSON`, { cause: error });
  }
}
