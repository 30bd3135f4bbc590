import { EventTooLarge, StorageFull } from '@annal/domain';
import { BadMetadata, MalformedMultipart, UnsupportedBulkData } from '@annal/dicomweb';
import { type ClaimedInstance, MissingIdentifier, NotDicom } from '@annal/projections';
import { errorAnswer } from '../../http/answers/error-answer.js';
import { BeyondLimit } from '../../intake/intake-errors.js';

/** Why an instance was not stored: Failure Reason (0008,1197), PS3.18 section I.2.2 */
export const FAILURE_REASONS = {
  /** Another study than that of the URL, or the server failed. */
  processing: 0x0110,
  /** There is no room. */
  storageFull: 0xa700,
  /** The instance is beyond a limit of this server. */
  beyondLimit: 0xa701,
  /** No DICOM file, a damaged one, one without identifiers, or metadata that are none. */
  notUnderstood: 0xc000,
  /** Bulk data that cannot be found in the request. */
  missingBulkData: 0xc001,
  /** Bulk data of a media type or transfer syntax that cannot be put into an instance. */
  transferSyntax: 0xc122,
} as const;

/** What a failure says about the request: it was wrong, it contradicts itself, or it is worth repeating. */
export type FailureKind = 'bad' | 'conflict' | 'no room' | 'unavailable' | 'internal';

export interface Failure {
  readonly reason: number;
  readonly kind: FailureKind;
  /** Which instance it was, where it says so. */
  readonly claimed?: ClaimedInstance;
}

/** An instance of another study than that of the URL. */
export class OtherStudy extends Error {
  override readonly name = 'OtherStudy';

  constructor(readonly claimed: ClaimedInstance) {
    super('The instance is one of another study');
  }
}

/** What the failure of an instance is answered with. */
export function failureOf(error: unknown): Failure {
  const { processing, storageFull, beyondLimit, notUnderstood, missingBulkData, transferSyntax } = FAILURE_REASONS;
  if (error instanceof OtherStudy) return { reason: processing, kind: 'conflict', claimed: error.claimed };
  if (error instanceof MissingIdentifier) {
    return { reason: notUnderstood, kind: 'bad', ...(error.claimed && { claimed: error.claimed }) };
  }
  if (error instanceof NotDicom || error instanceof MalformedMultipart) return { reason: notUnderstood, kind: 'bad' };
  if (error instanceof BadMetadata) {
    const { claimed } = error;
    return { reason: error.bulkData ? missingBulkData : notUnderstood, kind: 'bad', ...(claimed && { claimed }) };
  }
  if (error instanceof UnsupportedBulkData) return { reason: transferSyntax, kind: 'bad' };
  if (error instanceof BeyondLimit || error instanceof EventTooLarge) return { reason: beyondLimit, kind: 'bad' };
  if (error instanceof StorageFull) return { reason: storageFull, kind: 'no room' };
  const { status } = errorAnswer(error);
  if (status === 507) return { reason: storageFull, kind: 'no room' };
  return { reason: processing, kind: status === 503 ? 'unavailable' : 'internal' };
}
