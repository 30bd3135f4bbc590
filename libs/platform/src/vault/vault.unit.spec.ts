import { createSecretKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  envelope,
  type EventEnvelope,
  headerBlobKey,
  type InstanceStored,
  type InstanceTags,
  type JobSubmitted,
  type Level,
  LEVELS,
  MAX_SEALED_HEADER,
  type MetadataSet,
  type PersonalPart,
} from '@annal/domain';
import { decodeEvents, LOST_VALUE, type OpenSealed, UnfoldableEvent } from '@annal/projections';
import { reconstructedEvent } from '../../../../test/support/reconstructed-event.js';
import { storedEvent, testContext } from '../../../../test/support/stored-event.js';
import { CannotOpen, newKey, seal, unseal } from './cipher.js';
import { openJobPart } from './job-keys.js';
import { MasterKeys, NoMasterKey } from './master-keys.js';
import {
  openHeaderBlob,
  openInstance,
  openMetadata,
  openPatientPart,
  sealMetadata,
  sealPersonalPart,
} from './personal-part.js';

const key = newKey();

describe('sealing bytes', () => {
  it('gives them back for the same key and purpose, and differs each time', () => {
    const [one, another] = [seal(key, 'tags 1', Buffer.from('DOE^JANE')), seal(key, 'tags 1', Buffer.from('DOE^JANE'))];
    expect(unseal(key, 'tags 1', one).toString()).toBe('DOE^JANE');
    expect(one.equals(another)).toBe(false);
    expect(unseal(key, 'nothing', seal(key, 'nothing', Buffer.alloc(0)))).toHaveLength(0);
  });

  it('refuses another key, another purpose, altered and cut bytes', () => {
    const sealed = seal(key, 'tags 1', Buffer.from('DOE^JANE'));
    expect(() => unseal(newKey(), 'tags 1', sealed)).toThrow(CannotOpen);
    expect(() => unseal(key, 'tags 2', sealed)).toThrow(CannotOpen);
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at]! ^= 1;
      expect(() => unseal(key, 'tags 1', altered)).toThrow(CannotOpen);
      expect(() => unseal(key, 'tags 1', sealed.subarray(0, at))).toThrow(CannotOpen);
    }
  });
});

describe('master keys', () => {
  const [first, second] = ['2026', '2027'].map((id) => ({ id, secret: randomBytes(32) }));

  it('wrap with the first, unwrap with any, and leave keys as they are where there are none', () => {
    const wrapped = new MasterKeys([first!]).wrap('p', key);
    expect(wrapped.masterKey).toBe('2026');
    const secret = key.export();
    expect(wrapped.secret.includes(secret)).toBe(false);
    expect(new MasterKeys([second!, first!]).unwrap('p', wrapped).export()).toEqual(secret);
    expect(new MasterKeys([]).wrap('p', key)).toEqual({ masterKey: null, secret });
    expect(new MasterKeys([second!]).unwrap('p', { masterKey: null, secret }).export()).toEqual(secret);
  });

  it("do not unwrap without the key, with another of its name, or as another patient's", () => {
    const wrapped = new MasterKeys([first!]).wrap('p', key);
    expect(() => new MasterKeys([second!]).unwrap('p', wrapped)).toThrow(NoMasterKey);
    expect(() => new MasterKeys([{ ...second!, id: '2026' }]).unwrap('p', wrapped)).toThrow(CannotOpen);
    expect(() => new MasterKeys([first!]).unwrap('q', wrapped)).toThrow(CannotOpen);
  });
});

describe("sealing an event's personal part", () => {
  const keys = { id: 'k', study: newKey(), patient: newKey() };
  const event = storedEvent({ patient: 'P', study: '1', series: '2', instance: '3' });
  const { ids, blob } = event.data;
  const tags: InstanceTags = {
    main: { Patient: { '00100010': 'DOE^JANE' }, Study: { '00081030': 'HEAD' }, Series: {}, Instance: {} },
    sequences: { Patient: '{"p":1}', Study: '{"s":1}' },
    transferSyntaxUid: '1.2',
    sopClassUid: '1.3',
  };
  const part = (header: Buffer): PersonalPart => ({ ids, blobKey: blob.key, tags, header });

  it('leaves nothing of it legible, and opens again with the key of the study', () => {
    const { sealed, headerBlob } = sealPersonalPart(keys, part(Buffer.from('HEADER')));
    expect(headerBlob).toBeUndefined();
    const texts = [sealed.tags!, sealed.patient!, sealed.header!];
    const bytes = Buffer.concat(texts.map((text) => Buffer.from(text, 'base64')));
    for (const value of ['DOE', 'HEAD']) expect(bytes.includes(value)).toBe(false);
    expect(openInstance(keys, { ...event, sealed })).toEqual({
      tags,
      header: Buffer.from('HEADER').toString('base64'),
      headerBlob: null,
      keyId: 'k',
    });
  });

  it('opens what is said of the patient without the key of the study', () => {
    const { sealed } = sealPersonalPart(keys, part(Buffer.from('HEADER')));
    const left = { id: 'k', patient: keys.patient };
    expect(openPatientPart(left, { ...event, sealed })).toEqual({ main: tags.main.Patient, sequences: '{"p":1}' });
  });

  it('opens under no other key and in no other event', () => {
    const { sealed } = sealPersonalPart(keys, part(Buffer.from('HEADER')));
    expect(() => openInstance({ ...keys, study: keys.patient }, { ...event, sealed })).toThrow(UnfoldableEvent);
    const other = storedEvent({ patient: 'P', study: '1', series: '2', instance: '4' });
    expect(() => openInstance(keys, { ...other, sealed })).toThrow(UnfoldableEvent);
    expect(() => openPatientPart(keys, { ...other, sealed })).toThrow(UnfoldableEvent);
    const swapped = { ...sealed, header: sealed.tags };
    expect(() => openInstance(keys, { ...event, sealed: swapped })).toThrow(UnfoldableEvent);
  });

  it('of a file that was read once more belongs to that event alone, not to its blob', async () => {
    const again = reconstructedEvent({ patient: 'P', study: '1', series: '2', instance: '3' }, blob);
    const { sealed } = sealPersonalPart(keys, { ...part(Buffer.from('AGAIN')), blobKey: again.data.sealedAs });
    const open: OpenSealed = async (events) =>
      events.map((one) => openInstance(keys, one as EventEnvelope<InstanceStored>));
    const [decoded] = await decodeEvents([{ ...again, sealed }], open);
    expect(decoded).toMatchObject({ event: { type: again.type }, instance: { tags, keyId: 'k' } });
    expect(() => openInstance(keys, { ...event, sealed })).toThrow(UnfoldableEvent);
  });

  it('makes a header beyond 256 KB, as sealed, a blob of its own, sealed too', () => {
    const fits = Buffer.alloc((MAX_SEALED_HEADER / 4) * 3 - 28, 'x');
    expect(sealPersonalPart(keys, part(fits)).sealed.header).toHaveLength(MAX_SEALED_HEADER);
    const large = Buffer.concat([fits, Buffer.from('x')]);
    const { sealed, headerBlob } = sealPersonalPart(keys, part(large));
    expect(sealed).toMatchObject({ headerBlob: headerBlobKey(blob.key) });
    expect(sealed.header).toBeUndefined();
    expect(headerBlob!.includes('xxxx')).toBe(false);
    expect(openHeaderBlob(keys, sealed.headerBlob!, headerBlob!)).toEqual(large);
    expect(openInstance(keys, { ...event, sealed })).toMatchObject({ header: null, headerBlob: sealed.headerBlob });
  });

  it('opens what logs hold since the first release that seals', () => {
    const path = join(import.meta.dirname, 'golden/annal.instance.stored.v1.json');
    const golden = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly keys: { readonly id: string; readonly study: string; readonly patient: string };
      readonly recorded: typeof event;
      readonly opened: unknown;
      readonly patient: unknown;
    };
    const [study, patient] = [golden.keys.study, golden.keys.patient].map((text) =>
      createSecretKey(Buffer.from(text, 'base64')),
    );
    const known = { id: golden.keys.id, study: study!, patient: patient! };
    expect(openInstance(known, golden.recorded)).toEqual(golden.opened);
    expect(openPatientPart(known, golden.recorded)).toEqual(golden.patient);
  });

  it('opens the metadata of logs since the first release that has them', () => {
    const path = join(import.meta.dirname, 'golden/annal.metadata.set.v1.json');
    const golden = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly keys: { readonly id: string; readonly study: string; readonly patient: string };
      readonly recorded: EventEnvelope<MetadataSet>;
      readonly opened: unknown;
    };
    const [study, patient] = [golden.keys.study, golden.keys.patient].map((text) =>
      createSecretKey(Buffer.from(text, 'base64')),
    );
    const known = { id: golden.keys.id, study: study!, patient: patient! };
    expect(openMetadata(known, golden.recorded)).toEqual(golden.opened);
  });

  it('opens what events of jobs say since the first release that has them, and nothing of it without the key', () => {
    const path = join(import.meta.dirname, 'golden/annal.job.submitted.v1.json');
    const golden = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly key: string;
      readonly recorded: EventEnvelope<JobSubmitted>;
      readonly opened: unknown;
    };
    expect(openJobPart(createSecretKey(Buffer.from(golden.key, 'base64')), golden.recorded)).toEqual(golden.opened);
    expect(openJobPart(undefined, golden.recorded)).toEqual({ value: '', keyId: null, isLost: true });
    const other = { ...golden.recorded, id: '019a0000-0000-7000-8000-0000000000ff' };
    expect(openJobPart(createSecretKey(Buffer.from(golden.key, 'base64')), other)).toBeInstanceOf(UnfoldableEvent);
  });

  it('refuses tags that no table could hold', () => {
    const bad = { ...tags, sopClassUid: 'a\0b' };
    const { sealed } = sealPersonalPart(keys, { ids, blobKey: blob.key, tags: bad, header: Buffer.from('h') });
    expect(() => openInstance(keys, { ...event, sealed })).toThrow('A tag contains NUL, which no table can hold');
  });
});

describe("sealing a metadata's value", () => {
  const keys = { id: 'k', study: newKey(), patient: newKey() };
  const noted = (level: Level, value: string): EventEnvelope<MetadataSet> => {
    const data = { level, id: 'r', metadata: 1024, maximum: 1 };
    const event = envelope<MetadataSet>({ type: 'annal.metadata.set.v1', data }, 'r', testContext());
    return { ...event, sealed: sealMetadata(keys, { study: 's', patient: 'p', level, eventId: event.id, value }) };
  };

  it.each(LEVELS)('leaves nothing of it legible, and opens again: %s', (level) => {
    for (const value of ['', 'DOE^JANE', 'Müller 𝄞']) {
      const event = noted(level, value);
      const bytes = Buffer.from(event.sealed!.value!, 'base64');
      if (value !== '') expect(bytes.includes(value)).toBe(false);
      expect(openMetadata(keys, event)).toEqual({ value, keyId: 'k' });
    }
  });

  it("is lost with the study's part of the keys, but for a patient's", () => {
    const patientPart = { id: 'k', patient: keys.patient };
    for (const level of LEVELS) {
      const kept = level === 'Patient' ? { value: 'x', keyId: 'k' } : LOST_VALUE;
      expect(openMetadata(patientPart, noted(level, 'x'))).toEqual(kept);
      expect(openMetadata(undefined, noted(level, 'x'))).toEqual(LOST_VALUE);
    }
  });

  it('belongs to its event', () => {
    const other = { ...noted('Study', 'x'), sealed: noted('Study', 'y').sealed };
    expect(() => openMetadata(keys, other)).toThrow(UnfoldableEvent);
    expect(() => openMetadata(keys, { ...other, sealed: undefined })).toThrow('MetadataSet carries no value');
    expect(() => openMetadata(keys, noted('Study', 'a\0b'))).toThrow('A value contains NUL, which no table can hold');
  });
});
