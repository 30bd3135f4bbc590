import type { RemoteName } from '../remote.js';

/**
 * How another server is reached from now on. Its options (an object of JSON with its URL, and perhaps a password) are sealed
 * with a key of their own, and stay so in the read models.
 */
export interface RemoteSet {
  readonly type: 'annal.remote.set.v1';
  readonly data: RemoteName;
}
