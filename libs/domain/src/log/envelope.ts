import { v7 as uuidv7 } from 'uuid';
import type { AnnalEvent } from './events.js';
import type { Position } from './position.js';

/** Who caused an event, and by which way it came in. */
export interface Actor {
  readonly protocol: 'http' | 'dicomweb' | 'dimse' | 'job' | 'system';
  readonly user?: string;
  readonly remoteAddress?: string;
  readonly aet?: string;
  readonly calledAet?: string;
}

/**
 * Personal data of an event, all parts in base64. `keyId` names the data keys that they are sealed with; null with
 * algorithm `none`, where they are in clear.
 */
export interface Sealed {
  readonly keyId: string | null;
  readonly algorithm: 'none' | 'aes-256-gcm';
  /** Of InstanceStored: main tags and facts as JSON in UTF-8. */
  readonly tags?: string;
  /** What `tags` says of the patient, under a key of its own that outlives the study's while the patient is shown so. */
  readonly patient?: string;
  /** The deflated header model. */
  readonly header?: string;
  /** Replaces `header` where that is too large for the log. */
  readonly headerBlob?: string;
  /** Of MetadataSet: the value in UTF-8. Of events of jobs and of RemoteSet: what they say, as JSON in UTF-8. */
  readonly value?: string;
  /** Whether `value` was deflated (RFC 1951) before it was sealed: a long one of jobs and of RemoteSet is. */
  readonly deflated?: true;
}

/** An event as it is appended: CloudEvents 1.0 attributes, actor, correlation, data. */
export interface EventEnvelope<E extends AnnalEvent = AnnalEvent> {
  /** ce_id, UUIDv7. */
  readonly id: string;
  /** ce_type, e.g. `annal.instance.stored.v1`. */
  readonly type: E['type'];
  /** ce_source: the server's name. */
  readonly source: string;
  /** ce_time, ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  /** ce_subject, e.g. `instances/<Orthanc identifier>`. */
  readonly subject: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly data: E['data'];
  readonly sealed?: Sealed;
}

/** Which log writer wrote an event, and as its how manieth: what a log holds twice is known by it. */
export interface Writing {
  /** A UUID, new at each start of a log writer. */
  readonly writer: string;
  /** Rises by one an event. */
  readonly counter: number;
}

/** An event with its place in the log. */
export type RecordedEvent<E extends AnnalEvent = AnnalEvent> = EventEnvelope<E> & {
  readonly position: Position;
  /** Of logs that may hold an event twice. */
  readonly writing?: Writing;
  /** Why the record is no event, though it has its place in the log: what there is of it cannot be folded. */
  readonly unreadable?: string;
};

/** What an application knows of the request in whose course events arise. */
export interface EventContext {
  readonly source: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly now: Date;
}

/** Wraps a fact into its envelope, with a new UUIDv7 for id. */
export function envelope<E extends AnnalEvent>(
  event: E,
  subject: string,
  context: EventContext,
  sealed?: Sealed,
): EventEnvelope<E> {
  return {
    id: uuidv7(),
    type: event.type,
    source: context.source,
    time: context.now.toISOString(),
    subject,
    actor: context.actor,
    correlationId: context.correlationId,
    ...(context.causationId === undefined ? {} : { causationId: context.causationId }),
    data: event.data,
    ...(sealed === undefined ? {} : { sealed }),
  };
}
