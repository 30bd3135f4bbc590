import {
  type AnnalEvent,
  CURRENT_TYPES,
  type EventEnvelope,
  type InstanceTags,
  isUnknownVersion,
  type RecordedEvent,
  type Sealed,
  UnknownEventVersion,
} from '@annal/domain';

/** An event with its personal part opened, ready to be folded. */
export interface DecodedEvent {
  readonly event: EventEnvelope;
  /** Of InstanceStored. */
  readonly tags?: InstanceTags;
}

/** An event that cannot be folded. */
export class UnfoldableEvent extends Error {
  override readonly name = 'UnfoldableEvent';
}

/** Half of a character beyond U+FFFF, written out in JSON. */
const SURROGATE = /\\ud[89a-f][0-9a-f]{2}/i;

/**
 * Opens an event as the fold will: refuses what the tables could not take. Run before an append, so that a bad event
 * fails its own command, and again by the fold.
 * @throws UnfoldableEvent; UnknownEventVersion where a newer release can fold it
 */
export function decodeEvent(event: EventEnvelope & Pick<RecordedEvent, 'unreadable'>): DecodedEvent {
  if (isUnknownVersion(event.type)) {
    throw new UnknownEventVersion(`This release cannot read events of type ${event.type}`);
  }
  if (event.unreadable !== undefined) throw new UnfoldableEvent(event.unreadable);
  if (!CURRENT_TYPES.has(event.type)) throw new UnfoldableEvent('The record is no event of this program');
  if (!isType(event, 'annal.instance.stored.v1')) return { event };
  const { sealed } = event;
  if (sealed === undefined) throw new UnfoldableEvent('InstanceStored carries no tags');
  if (sealed.algorithm !== 'none') throw new UnfoldableEvent(`Sealing algorithm ${sealed.algorithm} has no key here`);
  return { event, tags: openTags(sealed) };
}

function openTags({ tags }: Sealed): InstanceTags {
  const json = Buffer.from(tags, 'base64').toString('utf8');
  if (json.includes('\\u0000')) throw new UnfoldableEvent('A tag contains NUL, which no table can hold');
  try {
    return JSON.parse(json, SURROGATE.test(json) ? refuseHalves : undefined) as InstanceTags;
  } catch (error) {
    if (error instanceof UnfoldableEvent) throw error;
    // the parser's own words quote the text
    throw new UnfoldableEvent('The tags are no JSON');
  }
}

function refuseHalves(key: string, value: unknown): unknown {
  if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new UnfoldableEvent('A tag contains half a character, which no table can hold');
}

/** Narrows an envelope, recorded or not, to one type of event. */
export function isType<V extends EventEnvelope, T extends AnnalEvent['type']>(
  event: V,
  type: T,
): event is V & EventEnvelope<Extract<AnnalEvent, { type: T }>> {
  return event.type === type;
}
