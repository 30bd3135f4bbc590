import type { InstanceTags } from '../instances/store-instance/instance-stored.js';
import type { Sealed } from '../log/envelope.js';
import type { ResourceIds } from '../resources/identifiers.js';

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

/** Encrypts what the log holds of patients, so that destroying a key erases it (docs/architecture.md, "Erasure"). */
export interface Sealer {
  /** Seals with the key of the study, which is made where there is none. */
  seal(part: PersonalPart): Promise<SealedPart>;
}
