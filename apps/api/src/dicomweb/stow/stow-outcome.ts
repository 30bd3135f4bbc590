import type { StoreResult } from '@annal/domain';
import type { InstanceUids } from '@annal/projections';
import { type Failure, type FailureKind } from './failure-reason.js';

/** What a part of a request came to. */
export type StowOutcome = { readonly stored: StoreResult; readonly uids: InstanceUids } | { readonly failure: Failure };

/** HTTP status of an answer. */
export interface StowStatus {
  readonly status: number;
  /** Whether repeating the request may help. */
  readonly retry: boolean;
}

/** Whether an instance was there already with other bytes: those that came are not kept. */
export function isDiscarded(outcome: StowOutcome): boolean {
  return 'stored' in outcome && outcome.stored.differs === true;
}

/**
 * The status as Orthanc's plugin has it: 400 if anything could not be stored, 409 if the only fault is that instances
 * are of another study than the URL's.
 */
export function pluginStatus(outcomes: readonly StowOutcome[]): StowStatus {
  const kinds = kindsOf(outcomes);
  if (kinds.has('unavailable')) return { status: 503, retry: true };
  if ([...kinds].some((kind) => kind !== 'conflict')) return { status: 400, retry: false };
  if (kinds.has('conflict')) return { status: 409, retry: false };
  return { status: isPending(outcomes) ? 202 : 200, retry: false };
}

/** The status of the standard (PS3.18 table 10.5.3-1). */
export function standardStatus(outcomes: readonly StowOutcome[]): StowStatus {
  const kinds = kindsOf(outcomes);
  const retry = kinds.has('unavailable');
  if (outcomes.some((outcome) => 'stored' in outcome)) {
    const complete = kinds.size === 0 && !isPending(outcomes) && !outcomes.some(isDiscarded);
    return { status: complete ? 200 : 202, retry };
  }
  if (retry) return { status: 503, retry };
  if (kinds.size === 0) return { status: 200, retry };
  return { status: [...kinds].every((kind) => kind === 'bad') ? 400 : 409, retry };
}

function kindsOf(outcomes: readonly StowOutcome[]): ReadonlySet<FailureKind> {
  return new Set(outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure.kind] : [])));
}

/** Whether something is durable, but not visible yet. */
function isPending(outcomes: readonly StowOutcome[]): boolean {
  return outcomes.some((outcome) => 'stored' in outcome && outcome.stored.status === 'NotYetVisible');
}
