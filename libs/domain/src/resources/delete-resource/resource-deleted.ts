import type { Level } from '../level.js';

/** A resource, all below it, and every ancestor left without a child are gone. */
export interface ResourceDeleted {
  readonly type: 'annal.resource.deleted.v1';
  readonly data: { readonly level: Level; readonly id: string };
}
