import type { RemoteRemoved } from './remove-remote/remote-removed.js';
import type { RemoteSet } from './set-remote/remote-set.js';

/** Every event of another server. */
export type RemoteEvent = RemoteSet | RemoteRemoved;

const REMOTE_EVENT = /^annal\.remote\./;

/** Whether a type of event is about another server. */
export function isRemoteEvent<E extends { readonly type: string }>(event: E): event is E & RemoteEvent {
  return REMOTE_EVENT.test(event.type);
}
