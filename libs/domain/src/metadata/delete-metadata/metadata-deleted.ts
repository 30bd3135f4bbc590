import type { Level } from '../../resources/level.js';

/** A metadata of a resource is gone; the fold passes the event over where it is gone already, or not as `expected`. */
export interface MetadataDeleted {
  readonly type: 'annal.metadata.deleted.v1';
  readonly data: {
    readonly level: Level;
    readonly id: string;
    /** 1024 to 65535. */
    readonly metadata: number;
    /** The offset of the event that set the value; absent: whatever it is. */
    readonly expected?: number;
  };
}
