import type { InstanceTags } from '../instances/store-instance/instance-stored.js';
import type { Sealed } from '../log/envelope.js';
import type { ResourceIds } from '../resources/identifiers.js';
import type { Level } from '../resources/level.js';

/** What an event is to hold of a patient's data. */
export interface PersonalPart {
  readonly ids: ResourceIds;
  /** The key of the instance's blob: what is sealed belongs to this event and no other. */
  readonly blobKey: string;
  readonly tags: InstanceTags;
  /** The deflated header model. */
  readonly header: Buffer;
}

/** A personal part that may stand in the log. */
export interface SealedPart {
  readonly sealed: Sealed;
  /** The bytes of `sealed.headerBlob`, to be durable before the event. */
  readonly headerBlob?: Buffer;
}

/** The value of a metadata, which may say something of a patient. */
export interface ValueToSeal {
  readonly study: string;
  readonly patient: string;
  /** Of the resource: what is noted on a patient outlives the study. */
  readonly level: Level;
  /** What is sealed belongs to this event and no other. */
  readonly eventId: string;
  readonly value: string;
}

/** What an event of a job says. */
export interface JobPartToSeal {
  /** The job, which has a key of its own. */
  readonly job: string;
  /** What is sealed belongs to this event and no other. */
  readonly eventId: string;
  /** JSON. */
  readonly text: string;
}

/** How another server is reached. */
export interface RemoteToSeal {
  /** The key to be made for it, a UUID. */
  readonly key: string;
  /** What is sealed belongs to this event and no other. */
  readonly eventId: string;
  /** JSON. */
  readonly text: string;
}

/** Encrypts what the log holds of patients, so that destroying a key erases it (docs/architecture.md, "Erasure"). */
export interface Sealer {
  /** Seals with the key of the study, which is made where there is none. */
  seal(part: PersonalPart): Promise<SealedPart>;
  /** The same for the value of a metadata; that of a patient's with a key that lasts as long as the patient. */
  sealValue(value: ValueToSeal): Promise<Sealed>;
  /** Seals with the key of the job, which is made where there is none. */
  sealJob(part: JobPartToSeal): Promise<Sealed>;
  /** Seals with a new key. */
  sealRemote(part: RemoteToSeal): Promise<Sealed>;
}
