import {
  type AnnalEvent,
  CURRENT_TYPES,
  type EventEnvelope,
  type InstanceStored,
  isUnknownVersion,
  type RecordedEvent,
  UnknownEventVersion,
} from '@annal/domain';
import { NO_KEYS, openClear, type OpenedInstance, type OpenSealed } from './opened-instance.js';
import { UnfoldableEvent } from './unfoldable-event.js';

/** An event with its personal part opened, ready to be folded. */
export interface DecodedEvent {
  readonly event: EventEnvelope;
  /** Of InstanceStored. */
  readonly instance?: OpenedInstance;
}

type Undecoded = EventEnvelope & Pick<RecordedEvent, 'unreadable'>;

/**
 * Opens events as the fold will: each one, or an UnfoldableEvent where the tables could not take it, or an
 * UnknownEventVersion where a newer release can. Run before an append, so that a bad event fails its own command, and
 * again by the fold.
 * @param open rejects, and so does this, where it says nothing of the events
 */
export async function decodeEvents(
  events: readonly Undecoded[],
  open: OpenSealed = NO_KEYS,
): Promise<readonly (DecodedEvent | UnfoldableEvent | UnknownEventVersion)[]> {
  const decoded: (DecodedEvent | UnfoldableEvent | UnknownEventVersion)[] = [];
  const sealed: { readonly at: number; readonly event: EventEnvelope<InstanceStored> }[] = [];
  events.forEach((event, at) => {
    try {
      const instance = openUnsealed(event);
      if (instance === 'sealed') sealed.push({ at, event: event as EventEnvelope<InstanceStored> });
      decoded.push(instance === 'sealed' || instance === undefined ? { event } : { event, instance });
    } catch (error) {
      if (!(error instanceof UnfoldableEvent || error instanceof UnknownEventVersion)) throw error;
      decoded.push(error);
    }
  });
  if (sealed.length === 0) return decoded;
  const opened = await open(sealed.map(({ event }) => event));
  sealed.forEach(({ at, event }, index) => {
    const instance = opened[index]!;
    decoded[at] = instance instanceof UnfoldableEvent ? instance : { event, instance };
  });
  return decoded;
}

/** The personal part of an event that has one: opened where it is in clear. */
function openUnsealed(event: Undecoded): OpenedInstance | 'sealed' | undefined {
  if (isUnknownVersion(event.type)) {
    throw new UnknownEventVersion(`This release cannot read events of type ${event.type}`);
  }
  if (event.unreadable !== undefined) throw new UnfoldableEvent(event.unreadable);
  if (!CURRENT_TYPES.has(event.type)) throw new UnfoldableEvent('The record is no event of this program');
  if (!isType(event, 'annal.instance.stored.v1')) return undefined;
  if (event.sealed === undefined) throw new UnfoldableEvent('InstanceStored carries no tags');
  return event.sealed.algorithm === 'none' ? openClear(event.sealed) : 'sealed';
}

/** Narrows an envelope, recorded or not, to one type of event. */
export function isType<V extends EventEnvelope, T extends AnnalEvent['type']>(
  event: V,
  type: T,
): event is V & EventEnvelope<Extract<AnnalEvent, { type: T }>> {
  return event.type === type;
}
