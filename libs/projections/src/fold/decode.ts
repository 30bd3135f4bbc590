import { type AnnalEvent, CURRENT_TYPES, type EventEnvelope, type InstanceTags } from '@annal/domain';

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

/**
 * Opens an event as the fold will: refuses what the tables could not take. Run before an append, so that a bad event
 * fails its own command, and again by the fold.
 * @throws UnfoldableEvent
 */
export function decodeEvent(event: EventEnvelope): DecodedEvent {
  if (!CURRENT_TYPES.has(event.type)) throw new UnfoldableEvent('The record is no event of this release');
  if (!isType(event, 'annal.instance.stored.v1')) return { event };
  const { sealed } = event;
  if (sealed === undefined) throw new UnfoldableEvent('InstanceStored carries no tags');
  if (sealed.algorithm !== 'none') throw new UnfoldableEvent(`Sealing algorithm ${sealed.algorithm} has no key here`);
  const json = Buffer.from(sealed.tags, 'base64').toString('utf8');
  if (json.includes('\\u0000')) throw new UnfoldableEvent('A tag contains NUL, which no table can hold');
  return { event, tags: JSON.parse(json) as InstanceTags };
}

/** Narrows an envelope, recorded or not, to one type of event. */
export function isType<V extends EventEnvelope, T extends AnnalEvent['type']>(
  event: V,
  type: T,
): event is V & EventEnvelope<Extract<AnnalEvent, { type: T }>> {
  return event.type === type;
}
