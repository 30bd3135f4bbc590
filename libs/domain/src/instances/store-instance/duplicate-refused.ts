import type { ResourceIds } from '../../resources/identifiers.js';

/** An instance came in that is there already and may not be overwritten. `sameBytes` tells whether it was the same file. */
export interface DuplicateRefused {
  readonly type: 'annal.instance.duplicate-refused.v1';
  readonly data: { readonly ids: ResourceIds; readonly md5: string; readonly sameBytes: boolean };
}
