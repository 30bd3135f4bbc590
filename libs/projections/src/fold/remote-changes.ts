import { type EventEnvelope, isRemoteName, type RemoteEvent, REMOTE_KINDS } from '@annal/domain';
import type { RemoteRow, RemotesDifference } from './rows.js';
import { UnfoldableEvent } from './unfoldable-event.js';

/** What a batch makes of other servers: of each the last event counts, whatever was there before. */
export class RemoteChanges {
  private readonly rows = new Map<string, RemoteRow>();

  /** Applies an event of another server. */
  evolve(event: EventEnvelope & RemoteEvent): void {
    const { kind, name, run } = event.data;
    const sealed = event.type === 'annal.remote.set.v1' ? event.sealed! : null;
    const row = { kind, run: run ?? '', name, event_id: event.id, key_id: sealed?.keyId ?? null, sealed };
    this.rows.set(JSON.stringify([kind, run, name]), row);
  }

  /** What is to be written; undefined: nothing. */
  difference(): RemotesDifference | undefined {
    if (this.rows.size === 0) return undefined;
    const rows = [...this.rows.values()];
    // in a run it has to be known that one is gone which the configuration names
    const isGone = ({ run, sealed }: RemoteRow): boolean => run === '' && sealed === null;
    return { set: rows.filter((row) => !isGone(row)), removed: rows.filter(isGone) };
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** @throws UnfoldableEvent where the table could not take what the event of another server says */
export function checkRemoteEvent({ type, data, sealed }: EventEnvelope & RemoteEvent): void {
  const { kind, name, run } = data;
  if (!REMOTE_KINDS.includes(kind)) throw new UnfoldableEvent('The event is about a remote of an unknown kind');
  if (typeof name !== 'string' || !isRemoteName(name)) throw new UnfoldableEvent('A remote cannot have such a name');
  if (run !== null && !UUID.test(run)) throw new UnfoldableEvent('The run that a remote is known in has no identifier');
  if (type !== 'annal.remote.set.v1') return;
  if (sealed?.value === undefined || !BASE64.test(sealed.value)) throw new UnfoldableEvent('RemoteSet has no options');
  if (sealed.keyId !== null && !UUID.test(sealed.keyId)) throw new UnfoldableEvent('The key of RemoteSet has no name');
}
