import {
  type AnnalEvent,
  CURRENT_TYPES,
  type EventEnvelope,
  isRemoteEvent,
  isUnknownVersion,
  type RecordedEvent,
  type Sealed,
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
import { checkRemoteEvent } from './remote-changes.js';
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
  if (isRemoteEvent(event)) checkRemoteEvent(event);
  const personal = PERSONAL[event.type];
  if (!personal) return undefined;
  const { sealed } = event;
  if (sealed === undefined) throw new UnfoldableEvent(personal.missing);
  return sealed.algorithm === 'none' ? personal.open(sealed) : 'sealed';
}

/** A personal part: what an event is without it, and how it is opened where it is in clear. */
interface PersonalPart {
  readonly missing: string;
  readonly open: (sealed: Sealed) => OpenedPart;
}

const OF_JOB: PersonalPart = { missing: 'The event of a job says nothing', open: openClearJob };
/** By the types of the events that have one. */
const PERSONAL: Readonly<Partial<Record<string, PersonalPart>>> = {
  'annal.instance.stored.v1': { missing: 'InstanceStored carries no tags', open: openClear },
  'annal.instance.reconstructed.v1': { missing: 'InstanceReconstructed carries no tags', open: openClear },
  'annal.metadata.set.v1': { missing: 'MetadataSet carries no value', open: openClearValue },
  'annal.job.submitted.v1': OF_JOB,
  'annal.job.step-completed.v1': OF_JOB,
  'annal.job.succeeded.v1': OF_JOB,
  'annal.job.failed.v1': OF_JOB,
} satisfies Record<SealedEvent['type'] | 'annal.instance.reconstructed.v1', PersonalPart>;

/** Narrows an envelope, recorded or not, to one type of event. */
export function isType<V extends EventEnvelope, T extends AnnalEvent['type']>(
  event: V,
  type: T,
): event is V & EventEnvelope<Extract<AnnalEvent, { type: T }>> {
  return event.type === type;
}
