import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CURRENT_TYPES, type EventEnvelope, isSealedJobEvent, LEVELS, type Skip } from '@annal/domain';
import { CHANGE_TYPES } from '@annal/projections';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import {
  CHANGE_EVENT_TYPE,
  type FeedRow,
  toChangeRecord,
} from '../../libs/platform/src/changes-relay/change-record.js';
import { OPTIONS } from '../../libs/platform/src/config/options/index.js';
import { toSkipRecord } from '../../libs/platform/src/log/kafka/kafka-control-log.js';
import { recordValue, toRecord } from '../../libs/platform/src/log/kafka/kafka-record.js';
import { controlTopic } from '../../libs/platform/src/log/kafka/kafka-settings.js';
import { asyncApi, changeSchema, expectValid, skipSchema, validatorOf } from '../support/message-schemas.js';
import { storedEvent } from '../support/stored-event.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/events.md'), 'utf8');
const WRITING = { writer: '01a1fe8a-17ab-4667-b790-c078e9d14241', counter: 7 };
const ROW: FeedRow = {
  seq: 41,
  position: 17,
  type: 1,
  level: 3,
  resource_id: 'bd2db64d-be5d65d7-21061a62-31fc3a08-188e565a',
  date: '20261121T130941',
};
const ORIGIN = { logId: WRITING.writer, source: 'Clinic' };

/** The examples of docs/events.md, as they were appended. */
function examples(): EventEnvelope[] {
  return [...page.matchAll(/```json\n(\{\n {2}"Actor".+?)\n```/gs)].map(([, json]) => {
    const shown = JSON.parse(json!) as Record<string, string>;
    const { ID: id, Type: type, Source: source, Time: time, Subject: subject, CorrelationId: correlationId } = shown;
    const { Actor: actor, Data: data } = shown;
    return { id, type, source, time, subject, correlationId, actor, data } as unknown as EventEnvelope;
  });
}

/** An event of a type whose personal part is sealed. */
function sealedEvent(type: string): EventEnvelope {
  const path = join(import.meta.dirname, `../../libs/platform/src/vault/golden/${type}.json`);
  return (JSON.parse(readFileSync(path, 'utf8')) as { recorded: EventEnvelope }).recorded;
}

/** The messages of a channel by their names. */
function messagesOf(channel: string): Map<string, string> {
  const keys = Object.values(asyncApi.channels[channel]!.messages).map(({ $ref }) => $ref.split('/').at(-1)!);
  return new Map(keys.map((key) => [asyncApi.components.messages[key]!.name, key]));
}

describe('docs/asyncapi.yaml', () => {
  it('is valid by the specification of AsyncAPI 3.0', () => {
    const specification = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as object;
    // it brings the schema of schemas along
    const ajv = new Ajv({ meta: false, validateSchema: false, strict: false, allErrors: true });
    formats.default(ajv);
    const validate = ajv.compile(specification);
    validate(asyncApi);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('has the topics under the names they have by default', () => {
    const { Topic, ChangesTopic } = OPTIONS.Annal.options.EventLog.options;
    expect(asyncApi.channels.events!.address).toBe(Topic.default);
    expect(asyncApi.channels.changes!.address).toBe(ChangesTopic.default);
    expect(asyncApi.channels.control!.address).toBe(controlTopic(Topic.default));
    expect(Object.keys(asyncApi.channels).sort()).toEqual(['changes', 'control', 'events']);
  });

  it('has every type of event, and no other', () => {
    expect([...messagesOf('events').keys()].sort()).toEqual([...CURRENT_TYPES].sort());
    expect([...messagesOf('changes').keys()]).toEqual([CHANGE_EVENT_TYPE]);
    expect([...messagesOf('control').values()]).toEqual(['skip']);
  });

  it('describes the records of every type of event', () => {
    const inClear = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' });
    const sealed = ['annal.instance.stored.v1', 'annal.metadata.set.v1'].map(sealedEvent);
    const ofJobs = examples()
      .filter(({ type }) => isSealedJobEvent(type) || type === 'annal.remote.set.v1')
      .map((event) => ({
        ...event,
        sealed: { keyId: event.id, algorithm: 'aes-256-gcm', value: 'c2VhbGVk' } as const,
      }));
    const events = [...examples(), inClear, ...sealed, ...ofJobs];
    expect(new Set(events.map(({ type }) => type as string))).toEqual(CURRENT_TYPES);
    for (const event of events) {
      const message = messagesOf('events').get(event.type)!;
      const { headers, value } = toRecord(event, recordValue(event), WRITING);
      expectValid(message, 'headers', headers);
      expectValid(message, 'payload', JSON.parse(value.toString()));
    }
  });

  it('has every header that an event can have, and says which ones it must have', () => {
    const [first] = examples();
    const actor = { protocol: 'dimse', user: 'u', remoteAddress: 'r', aet: 'a', calledAet: 'c' } as const;
    const headersOf = (event: EventEnvelope): string[] =>
      Object.keys(toRecord(event, recordValue(event), WRITING).headers).sort();
    const { properties, required } = asyncApi.components.schemas.eventHeaders!;
    const all = { ...first!, causationId: WRITING.writer, actor };
    expect(Object.keys(properties!).sort()).toEqual(headersOf(all));
    expectValid('logCreated', 'headers', toRecord(all, recordValue(all), WRITING).headers);
    const least = { ...first!, actor: { protocol: 'system' } as const };
    expect([...required!].sort()).toEqual(headersOf(least));
  });

  it('tells types of events apart by their headers', () => {
    const [created] = examples();
    const headers = toRecord(created!, recordValue(created!), WRITING).headers;
    expect(validatorOf('logCreated', 'headers')(headers)).toBe(true);
    expect(validatorOf('changesCleared', 'headers')(headers)).toBe(false);
  });
});

describe('the schema of published changes', () => {
  const levels = LEVELS.map((_, level) => level);

  it('describes every change of every resource', () => {
    for (const type of Object.values(CHANGE_TYPES)) {
      for (const level of levels) {
        const { headers, value } = toChangeRecord({ ...ROW, type, level }, ORIGIN);
        expectValid('change', 'headers', headers);
        expectValid('change', 'payload', JSON.parse(value.toString()));
      }
    }
  });

  it('has every type of change and of resource, and no other', () => {
    expect(changeSchema).toMatchObject({
      properties: { ChangeType: { enum: Object.keys(CHANGE_TYPES) }, ResourceType: { enum: LEVELS } },
    });
  });

  it.each([
    ['without a Seq', { Seq: undefined }],
    ['with a Seq of 0', { Seq: 0 }],
    ['with a change that is none', { ChangeType: 'Changed' }],
    ['with an identifier that is none', { ID: 'PAT1' }],
    ['with a date of another form', { Date: '2026-11-21T13:09:41Z' }],
  ])('refuses a change %s', (_, wrong) => {
    const change = JSON.parse(toChangeRecord(ROW, ORIGIN).value.toString()) as object;
    const validate = validatorOf('change', 'payload');
    expect(validate(change)).toBe(true);
    expect(validate(JSON.parse(JSON.stringify({ ...change, ...wrong })))).toBe(false);
  });
});

describe('the schema of what operators decide', () => {
  const skip: Skip = {
    offset: 42,
    eventId: WRITING.writer,
    reason: 'written by kafka-console-producer, ticket 17',
    actor: { protocol: 'system', user: 'alice' },
    time: '2026-11-21T13:09:41.123Z',
  };

  it('describes a decision', () => {
    const { key, headers, value } = toSkipRecord(skip);
    expect(key).toBe('42');
    expectValid('skip', 'headers', headers);
    expectValid('skip', 'payload', JSON.parse(value.toString()));
  });

  it('has every field of a decision and of its actor, and no other', () => {
    const actor = { protocol: 'dimse', user: 'u', remoteAddress: 'r', aet: 'a', calledAet: 'c' } as const;
    const all: Required<Skip> = { ...skip, actor };
    const { properties, required } = skipSchema as {
      properties: { actor: { properties: object } };
      required: string[];
    };
    expect(Object.keys(properties).sort()).toEqual(Object.keys(all).sort());
    expect(required.sort()).toEqual(Object.keys(all).sort());
    expect(Object.keys(properties.actor.properties).sort()).toEqual(Object.keys(actor).sort());
  });

  it.each([
    ['without an offset', { offset: undefined }],
    ['with an offset that is text', { offset: '42' }],
    ['with an offset below 0', { offset: -1 }],
    ['without the identity of the event', { eventId: undefined }],
    ['without a reason', { reason: undefined }],
    ['of nobody', { actor: {} }],
    ['with a time of another form', { time: 'yesterday' }],
  ])('refuses a decision %s', (_, wrong) => {
    expect(validatorOf('skip', 'payload')(JSON.parse(JSON.stringify({ ...skip, ...wrong })))).toBe(false);
  });
});
