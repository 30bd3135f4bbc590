import {
  type AnnalEvent,
  CURRENT_TYPES,
  type EventEnvelope,
  isSealedJobEvent,
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
import { openClearJob, openClearValue, type OpenedValue } from './opened-value.js';
import { asStored } from './reconstruct-step.js';
import { UnfoldableEvent } from './unfoldable-event.js';

/** An event with its personal part opened, ready to be folded. */
export interface DecodedEvent {
  readonly event: EventEnvelope;
  /** Of InstanceStored and InstanceReconstructed. */
  readonly instance?: OpenedInstance;
  /** Of MetadataSet; of an event of a job: JSON. */
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
      if (part === 'sealed') sealed.push({ at, event: toOpen(event) });
      decoded.push(part === 'sealed' || part === undefined ? { event } : decodedWith(event, part));
    } catch (error) {
      if (!(error instanceof UnfoldableEvent || error instanceof UnknownEventVersion)) throw error;
      decoded.push(error);
    }
  });
  if (sealed.length === 0) return decoded;
  const opened = await open(sealed.map(({ event }) => event));
  sealed.forEach(({ at }, index) => {
    const part = opened[index]!;
    decoded[at] = part instanceof UnfoldableEvent ? part : decodedWith(events[at]!, part);
  });
  return decoded;
}

/** The event that has the personal part, in the form in which it is opened. */
function toOpen(event: EventEnvelope): EventEnvelope<SealedEvent> {
  return isType(event, 'annal.instance.reconstructed.v1') ? asStored(event) : (event as EventEnvelope<SealedEvent>);
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
  const isInstance = isType(event, 'annal.instance.stored.v1') || isType(event, 'annal.instance.reconstructed.v1');
  const isJob = isSealedJobEvent(event.type);
  if (!isInstance && !isJob && !isType(event, 'annal.metadata.set.v1')) return undefined;
  const { sealed } = event;
  if (sealed === undefined) throw new UnfoldableEvent(isJob ? 'The event of a job says nothing' : MISSING[event.type]);
  if (sealed.algorithm !== 'none') return 'sealed';
  if (isInstance) return openClear(sealed);
  return isJob ? openClearJob(sealed) : openClearValue(sealed);
}

/** What an event is without its personal part. */
const MISSING: Readonly<Record<string, string>> = {
  'annal.instance.stored.v1': 'InstanceStored carries no tags',
  'annal.instance.reconstructed.v1': 'InstanceReconstructed carries no tags',
  'annal.metadata.set.v1': 'MetadataSet carries no value',
};

/** Narrows an envelope, recorded or not, to one type of event. */
export function isType<V extends EventEnvelope, T extends AnnalEvent['type']>(
  event: V,
  type: T,
): event is V & EventEnvelope<Extract<AnnalEvent, { type: T }>> {
  return event.type === type;
}
