import type { RemoteName } from '../remote.js';

/** Another server is not known any more, also where the configuration names it and this holds for a run alone. */
export interface RemoteRemoved {
  readonly type: 'annal.remote.removed.v1';
  readonly data: RemoteName;
}
