import type { AttachmentAdded } from '../attachments/add-attachment/attachment-added.js';
import type { AttachmentRecoded } from '../attachments/recode-attachment/attachment-recoded.js';
import type { AttachmentRemoved } from '../attachments/remove-attachment/attachment-removed.js';
import type { ExportsCleared } from '../exports/clear-exports/exports-cleared.js';
import type { ExportRecorded } from '../exports/record-export/export-recorded.js';
import type { InstanceReconstructed } from '../instances/reconstruct-instances/instance-reconstructed.js';
import type { InstanceStored } from '../instances/store-instance/instance-stored.js';
import type { DuplicateRefused } from '../instances/store-instance/duplicate-refused.js';
import type { JobEvent } from '../jobs/job-event.js';
import type { LabelAdded, LabelRemoved } from '../labels/change-label/label-events.js';
import type { MetadataDeleted } from '../metadata/delete-metadata/metadata-deleted.js';
import type { MetadataSet } from '../metadata/set-metadata/metadata-set.js';
import type { ProtectionSet } from '../patients/protect-patient/protection-set.js';
import type { RemoteEvent } from '../remotes/remote-event.js';
import type { ResourceDeleted } from '../resources/delete-resource/resource-deleted.js';
import type { ResourceStable } from '../resources/stabilize-resource/resource-stable.js';
import type { PatientRecycled } from '../resources/recycle-patient/patient-recycled.js';
import type { ChangesCleared } from '../changes/clear-changes/changes-cleared.js';
import type { LogCreated } from './log-created.js';

/** Every event of the log in its newest version (docs/events.md). */
export type AnnalEvent =
  | LogCreated
  | InstanceStored
  | DuplicateRefused
  | ResourceDeleted
  | ResourceStable
  | PatientRecycled
  | ChangesCleared
  | MetadataSet
  | MetadataDeleted
  | LabelAdded
  | LabelRemoved
  | ProtectionSet
  | AttachmentAdded
  | AttachmentRemoved
  | AttachmentRecoded
  | InstanceReconstructed
  | JobEvent
  | RemoteEvent
  | ExportRecorded
  | ExportsCleared;

export type EventType = AnnalEvent['type'];
