import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventEnvelope } from '@annal/domain';
import { decodeEvents, UnfoldableEvent } from '@annal/projections';
import { storedEvent } from '../../../../../test/support/stored-event.js';
import type { FetchedRecord, KafkaRecord } from '../../kafka/kafka-client.js';
import { fromRecord, recordValue, toRecord } from './kafka-record.js';

const GOLDEN = join(import.meta.dirname, '../../../../domain/src/log/golden');
const writing = { writer: '7a0c1d4e-0000-4000-8000-000000000001', counter: 41 };

/** A record as a broker gives it back. */
function fetched({ key, value, headers }: KafkaRecord, offset = 7): FetchedRecord {
  return {
    offset: String(offset),
    key: key === null ? null : Buffer.from(key),
    value,
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
  };
}

const sent = (event: EventEnvelope): KafkaRecord => toRecord(event, recordValue(event), writing);

describe('an event as a Kafka record', () => {
  const events = readdirSync(GOLDEN).map((name): [string, EventEnvelope] => [
    name,
    (JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as { current: EventEnvelope }).current,
  ]);

  it.each(events)('comes back as it was: %s', (_name, event) => {
    expect(fromRecord(fetched(sent(event)))).toEqual({ ...event, position: { partition: 0, offset: 7 }, writing });
  });
});

describe('a record that no log writer has written', () => {
  const good = sent(storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' }));
  const without = (header: string): KafkaRecord => {
    const headers = Object.entries(good.headers).filter(([name]) => name !== header);
    return { ...good, headers: Object.fromEntries(headers) };
  };

  it.each([
    ['without headers', { ...good, headers: {} }],
    ['without a type', without('ce_type')],
    ['without an identity', without('ce_id')],
    ['without a writer', without('annal_writer')],
    ['with a writer that is no UUID', { ...good, headers: { ...good.headers, annal_writer: "x'" } }],
    ['with a counter that is no number', { ...good, headers: { ...good.headers, annal_counter: 'many' } }],
    ['with a counter that no writer reaches', { ...good, headers: { ...good.headers, annal_counter: '1e300' } }],
    ['with a value that is no JSON', { ...good, value: Buffer.from('DOE^JANE') }],
    ['with a value that is no object', { ...good, value: Buffer.from('["DOE^JANE"]') }],
    ['without a value', { ...good, value: null as never }],
  ])('%s is read as one that cannot be folded', async (_what, record) => {
    const event = fromRecord(fetched(record));
    expect(event.position).toEqual({ partition: 0, offset: 7 });
    expect(event.unreadable).toMatch(/it is no event$/);
    expect(event.unreadable).not.toContain('DOE');
    expect(event.writing).toBeUndefined();
    expect((await decodeEvents([event]))[0]).toBeInstanceOf(UnfoldableEvent);
  });

  it('is known by its bytes where it has no identity', () => {
    const records: KafkaRecord[] = [
      { key: null, value: Buffer.from('a'), headers: {} },
      { key: 'a', value: Buffer.from(''), headers: {} },
      { key: null, value: Buffer.from('a'), headers: { b: '' } },
      { key: null, value: Buffer.from('a'), headers: { b: 'c' } },
    ];
    const ids = records.map((record) => fromRecord(fetched(record)).id);
    expect(new Set(ids).size).toBe(4);
    expect(fromRecord(fetched({ key: null, value: Buffer.from('a'), headers: {} }, 9)).id).toBe(ids[0]);
  });

  it('of a newer version is left to a newer release, whatever else it lacks', async () => {
    const newer = { ...without('ce_subject'), value: Buffer.from([1, 2, 3]) };
    const event = fromRecord(fetched({ ...newer, headers: { ...newer.headers, ce_type: 'annal.instance.stored.v2' } }));
    expect((await decodeEvents([event]))[0]).toMatchObject({
      name: 'UnknownEventVersion',
      message: 'This release cannot read events of type annal.instance.stored.v2',
    });
  });
});
