import type { EventEnvelope } from './envelope.js';
import type { EventType } from './events.js';

/** An event of a version this release does not know: folding stops, it is never skipped. */
export class UnknownEventVersion extends Error {
  override readonly name = 'UnknownEventVersion';
}

/** Turns an event of an old version into the next one; pure. */
export type Upcaster = (event: EventEnvelope) => EventEnvelope;

/** The versions this release writes and folds. */
export const CURRENT_TYPES: ReadonlySet<string> = new Set<EventType>([
  'annal.log.created.v1',
  'annal.instance.stored.v1',
  'annal.instance.duplicate-refused.v1',
  'annal.resource.deleted.v1',
  'annal.resource.stable.v1',
  'annal.patient.recycled.v1',
  'annal.changes.cleared.v1',
  'annal.metadata.set.v1',
  'annal.metadata.deleted.v1',
  'annal.label.added.v1',
  'annal.label.removed.v1',
  'annal.patient.protection-set.v1',
  'annal.attachment.added.v1',
  'annal.attachment.removed.v1',
  'annal.attachment.recoded.v1',
  'annal.instance.reconstructed.v1',
  'annal.export.recorded.v1',
  'annal.exports.cleared.v1',
  'annal.job.submitted.v1',
  'annal.job.started.v1',
  'annal.job.step-completed.v1',
  'annal.job.succeeded.v1',
  'annal.job.failed.v1',
  'annal.job.paused.v1',
  'annal.job.resumed.v1',
  'annal.job.cancelled.v1',
  'annal.job.resubmitted.v1',
  'annal.job.removed.v1',
  'annal.job.output-removed.v1',
  'annal.remote.set.v1',
  'annal.remote.removed.v1',
]);

const OWN_TYPE = /^annal\.[a-z0-9.-]+\.v\d+$/;

/** Whether a type is one of this program's, of whatever version. */
export function isOwnType(type: string): boolean {
  return OWN_TYPE.test(type);
}

/** Whether a type is one of ours, of a version that only a newer release can read. */
export function isUnknownVersion(type: string): boolean {
  return isOwnType(type) && !CURRENT_TYPES.has(type);
}

/**
 * Brings an event to the current version where this release knows its own; else leaves it as it is, for readers that only
 * show it. Whoever folds refuses it.
 */
export function upcastIfKnown<E extends EventEnvelope>(event: E): E {
  try {
    return { ...event, ...upcast(event) };
  } catch (error) {
    if (error instanceof UnknownEventVersion) return event;
    throw error;
  }
}

/**
 * Brings an event of any known version to the current one.
 * @param upcasters by the old type; each leads one version on
 * @throws UnknownEventVersion
 */
export function upcast(event: EventEnvelope, upcasters: ReadonlyMap<string, Upcaster> = new Map()): EventEnvelope {
  let current = event;
  while (!CURRENT_TYPES.has(current.type)) {
    const upcaster = upcasters.get(current.type);
    if (!upcaster) throw new UnknownEventVersion(`This release cannot read events of type ${String(current.type)}`);
    current = upcaster(current);
  }
  return current;
}
