import { createHash } from 'node:crypto';
import type { Actor, EventEnvelope, RecordedEvent, Sealed, Writing } from '@annal/domain';
import type { FetchedRecord, KafkaRecord } from '../../kafka/kafka-client.js';

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
const OPTIONAL: ReadonlySet<string> = new Set([
  'ce_causationid',
  'ce_actoruser',
  'ce_actorremoteaddress',
  'ce_actoraet',
  'ce_actorcalledaet',
]);
const REQUIRED = [...Object.keys(ATTRIBUTES), ...Object.keys(ACTOR), WRITER, COUNTER].filter(
  (header) => !OPTIONAL.has(header),
);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

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

/**
 * A record as an event. One that no log writer of this program can have written has its place in the log all the same:
 * it says that it is `unreadable`, and shows what there is of an envelope.
 */
export function fromRecord(record: FetchedRecord): RecordedEvent {
  const headers = textsOf(record);
  const content = contentOf(record.value);
  const writing = writingOf(headers);
  const unreadable = whyUnreadable(headers, content, writing);
  const named = (names: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(names).flatMap(([header, name]) => {
        const text = headers.get(header);
        return text === undefined ? [] : [[name, text]];
      }),
    );
  const { sealed, ...data } = content ?? {};
  return {
    ...(unreadable !== undefined && { ...standIn(record), unreadable }),
    ...named(ATTRIBUTES),
    actor: named(ACTOR) as unknown as Actor,
    data,
    ...(sealed !== undefined && { sealed }),
    position: { partition: 0, offset: Number(record.offset) },
    // a counter that nobody of this program gave must not pass for one
    ...(unreadable === undefined && { writing }),
  } as unknown as RecordedEvent;
}

function whyUnreadable(
  headers: ReadonlyMap<string, string>,
  content: Content | undefined,
  writing: Writing | undefined,
): string | undefined {
  const missing = REQUIRED.find((header) => !headers.has(header));
  if (missing !== undefined) return `The record has no ${missing}: it is no event`;
  if (!content) return 'The record holds no JSON object: it is no event';
  return writing ? undefined : 'The record does not say which log writer wrote it: it is no event';
}

/** What stands in an envelope for what a record does not have; the identity is that of its bytes. */
function standIn({
  key,
  value,
  headers,
}: FetchedRecord): Omit<EventEnvelope, 'type' | 'actor' | 'data'> & { type: string } {
  const hash = createHash('sha256');
  for (const part of [key, value, ...Object.entries(headers).sort().flat().flat()]) {
    hash.update(part === null || part === undefined ? '-' : `${part.length}:`).update(part ?? '');
  }
  return { id: `sha256:${hash.digest('hex')}`, type: '', source: '', time: '', subject: '', correlationId: '' };
}

function textsOf({ headers }: FetchedRecord): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? (value as readonly Buffer[])[0] : (value as Buffer | undefined);
      return first === undefined || first === null ? [] : [[name, first.toString('utf8')]];
    }),
  );
}

function writingOf(headers: ReadonlyMap<string, string>): Writing | undefined {
  const [writer = '', counter] = [headers.get(WRITER), Number(headers.get(COUNTER) ?? 0)];
  return UUID.test(writer) && Number.isSafeInteger(counter) && counter > 0 ? { writer, counter } : undefined;
}

type Content = Readonly<Record<string, unknown>> & { readonly sealed?: Sealed };

function contentOf(value: Buffer | null): Content | undefined {
  try {
    const content = JSON.parse((value ?? '').toString()) as unknown;
    return typeof content === 'object' && content !== null && !Array.isArray(content)
      ? (content as Content)
      : undefined;
  } catch {
    return undefined;
  }
}
