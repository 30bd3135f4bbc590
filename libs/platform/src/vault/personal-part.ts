import type { KeyObject } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type EventEnvelope,
  headerBlobKey,
  type InstanceStored,
  type InstanceTags,
  MAX_SEALED_HEADER,
  type MetadataSet,
  type PersonalPart,
  type Sealed,
  type SealedPart,
  type ValueToSeal,
} from '@annal/domain';
import {
  LOST_VALUE,
  type OpenedInstance,
  type OpenedValue,
  parsePart,
  type PatientPart,
  UnfoldableEvent,
  valueText,
} from '@annal/projections';
import { CannotOpen, seal, unseal } from './cipher.js';

/** The data keys of a study. */
export interface StudyKeys {
  readonly id: string;
  /** Of tags and headers; undefined once it is destroyed. */
  readonly study?: KeyObject;
  /** Of what the study's instances say of the patient. */
  readonly patient: KeyObject;
}

/** Of texts this short, most of the time goes by making room for the tables of a better compression. */
const DEFLATING = { level: 1, windowBits: 12, memLevel: 4 };
/** Room made at once for what is inflated, bytes: four times as much, which zlib's default is, is mostly garbage. */
const INFLATED_AT_ONCE = 4096;
/** Tags that inflate to more than this were not deflated here, bytes. */
const MAX_TAGS = 64 * 1024 * 1024;

/** What a sealed part is, so that none can stand in for another, of whatever event. */
function purpose(part: 'tags' | 'patient' | 'header' | 'metadata', belongsTo: string): string {
  return `${part} ${belongsTo}`;
}

/** Seals what an event holds of a patient. @param json the tags as JSON */
export function sealPersonalPart(
  keys: Required<StudyKeys>,
  { blobKey, tags, header }: PersonalPart,
  json = JSON.stringify(tags),
): SealedPart {
  const { Patient: main } = tags.main;
  const sequences = tags.sequences?.Patient;
  const patient: PatientPart = { main, ...(sequences === undefined ? {} : { sequences }) };
  const sealedHeader = seal(keys.study, purpose('header', blobKey), header);
  const encoded = encode(sealedHeader);
  const large = encoded.length > MAX_SEALED_HEADER;
  const sealed: Sealed = {
    keyId: keys.id,
    algorithm: 'aes-256-gcm',
    tags: encode(seal(keys.study, purpose('tags', blobKey), deflateRawSync(json, DEFLATING))),
    patient: encode(seal(keys.patient, purpose('patient', blobKey), Buffer.from(JSON.stringify(patient)))),
    ...(large ? { headerBlob: headerBlobKey(blobKey) } : { header: encoded }),
  };
  return large ? { sealed, headerBlob: sealedHeader } : { sealed };
}

/** Opens a sealed event with its study's key. @throws UnfoldableEvent where it is not what was sealed */
export function openInstance(
  keys: Required<StudyKeys>,
  { data, sealed }: EventEnvelope<InstanceStored>,
): OpenedInstance {
  const key = sealedAs(data);
  return {
    tags: parsePart<InstanceTags>(inflate(openBytes(keys.study, purpose('tags', key), sealed!.tags!))),
    header:
      sealed!.header === undefined
        ? null
        : openBytes(keys.study, purpose('header', key), sealed!.header).toString('base64'),
    headerBlob: sealed!.headerBlob ?? null,
    keyId: keys.id,
  };
}

/** What the personal part of an event belongs to: its blob, unless the event names something else. */
function sealedAs(data: InstanceStored['data'] & { readonly sealedAs?: string }): string {
  return data.sealedAs ?? data.blob.key;
}

/** What a sealed event says of the patient, for which the study's key is not needed. @throws UnfoldableEvent */
export function openPatientPart({ patient }: StudyKeys, { data, sealed }: EventEnvelope<InstanceStored>): PatientPart {
  if (sealed!.patient === undefined) return { main: {} };
  return parsePart<PatientPart>(
    openBytes(patient, purpose('patient', sealedAs(data)), sealed!.patient).toString('utf8'),
  );
}

/** Seals the value of a metadata: a patient's with the part of the keys that lasts as long as the patient. */
export function sealMetadata(keys: Required<StudyKeys>, { level, eventId, value }: ValueToSeal): Sealed {
  const key = level === 'Patient' ? keys.patient : keys.study;
  return {
    keyId: keys.id,
    algorithm: 'aes-256-gcm',
    value: encode(seal(key, purpose('metadata', eventId), Buffer.from(value, 'utf8'))),
  };
}

/** Opens the value of a metadata; empty where its part of the keys is destroyed. @throws UnfoldableEvent */
export function openMetadata(
  keys: StudyKeys | undefined,
  { id, data, sealed }: EventEnvelope<MetadataSet>,
): OpenedValue {
  const key = data.level === 'Patient' ? keys?.patient : keys?.study;
  if (!key) return LOST_VALUE;
  if (sealed?.value === undefined) throw new UnfoldableEvent('MetadataSet carries no value');
  return { value: valueText(openBytes(key, purpose('metadata', id), sealed.value)), keyId: keys!.id };
}

/** Opens the bytes of a header that is a blob of its own. @param key of that blob. @throws CannotOpen */
export function openHeaderBlob(keys: Required<StudyKeys>, key: string, sealed: Buffer): Buffer {
  return unseal(keys.study, purpose('header', key.slice(0, -headerBlobKey('').length)), sealed);
}

function encode(sealed: Buffer): string {
  return sealed.toString('base64');
}

function inflate(deflated: Buffer): string {
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_TAGS, chunkSize: INFLATED_AT_ONCE }).toString('utf8');
  } catch (error) {
    throw new UnfoldableEvent('What was sealed cannot be inflated', { cause: error });
  }
}

function openBytes(key: KeyObject, what: string, sealed: string): Buffer {
  try {
    return unseal(key, what, Buffer.from(sealed, 'base64'));
  } catch (error) {
    if (error instanceof CannotOpen) throw new UnfoldableEvent(error.message, { cause: error });
    throw error;
  }
}
