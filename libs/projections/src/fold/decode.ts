import {
  type AnnalEvent,
  CURRENT_TYPES,
  type EventEnvelope,
  isUnknownVersion,
  type RecordedEvent,
  UnknownEventVersion,
} from '@annal/domain';
import {
  NO_KEYS,
  openClear,
  type OpenedInstance,
  type OpenedPart,
  type OpenSealed,
  type SealedEvent,
} from './opened-instance.js';
import { openClearValue, type OpenedValue } from './opened-value.js';
import { UnfoldableEvent } from './unfoldable-event.js';

/** An event with its personal part opened, ready to be folded. */
export interface DecodedEvent {
  readonly event: EventEnvelope;
  /** Of InstanceStored. */
  readonly instance?: OpenedInstance;
  /** Of MetadataSet. */
  readonly value?: OpenedValue;
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
  const sealed: { readonly at: number; readonly event: EventEnvelope<SealedEvent> }[] = [];
  events.forEach((event, at) => {
    try {
      const part = openUnsealed(event);
      if (part === 'sealed') sealed.push({ at, event: event as EventEnvelope<SealedEvent> });
      decoded.push(part === 'sealed' || part === undefined ? { event } : decodedWith(event, part));
    } catch (error) {
      if (!(error instanceof UnfoldableEvent || error instanceof UnknownEventVersion)) throw error;
      decoded.push(error);
    }
  });
  if (sealed.length === 0) return decoded;
  const opened = await open(sealed.map(({ event }) => event));
  sealed.forEach(({ at, event }, index) => {
    const part = opened[index]!;
    decoded[at] = part instanceof UnfoldableEvent ? part : decodedWith(event, part);
  });
  return decoded;
}

function decodedWith(event: EventEnvelope, part: OpenedPart): DecodedEvent {
  return 'value' in part ? { event, value: part } : { event, instance: part };
}

/** The personal part of an event that has one: opened where it is in clear. */
function openUnsealed(event: Undecoded): OpenedPart | 'sealed' | undefined {
  if (isUnknownVersion(event.type)) {
    throw new UnknownEventVersion(`This release cannot read events of type ${event.type}`);
  }
  if (event.unreadable !== undefined) throw new UnfoldableEvent(event.unreadable);
  if (!CURRENT_TYPES.has(event.type)) throw new UnfoldableEvent('The record is no event of this program');
  const isInstance = isType(event, 'annal.instance.stored.v1');
  if (!isInstance && !isType(event, 'annal.metadata.set.v1')) return undefined;
  const { sealed } = event;
  if (sealed === undefined) {
    throw new UnfoldableEvent(isInstance ? 'InstanceStored carries no tags' : 'MetadataSet carries no value');
  }
  if (sealed.algorithm !== 'none') return 'sealed';
  return isInstance ? openClear(sealed) : openClearValue(sealed);
}

/** Narrows an envelope, recorded or not, to one type of event. */
export function isType<V extends EventEnvelope, T extends AnnalEvent['type']>(
  event: V,
  type: T,
): event is V & EventEnvelope<Extract<AnnalEvent, { type: T }>> {
  return event.type === type;
}
