import type { Level } from '../resources/level.js';

/** Which attachment: its number, and the resource that has it. */
export interface AttachmentPlace {
  readonly level: Level;
  /** Orthanc identifier of the resource. */
  readonly id: string;
  readonly contentType: number;
}

/**
 * What must be there for a change to take effect: nothing, or an attachment of this revision (from 0 on) and MD5 (hex,
 * empty where none is kept). Decided by the fold, in log order.
 */
export type ExpectedAttachment = 'absent' | { readonly revision: number; readonly md5: string };
