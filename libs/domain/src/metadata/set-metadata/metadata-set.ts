import type { Level } from '../../resources/level.js';

/**
 * A metadata of a resource has a new value, which is sealed in the envelope: it may say something of a patient. What
 * decides travels here. The fold passes the event over where the resource is gone, where the metadata is not as
 * `expected`, or where it is one more than `maximum`.
 */
export interface MetadataSet {
  readonly type: 'annal.metadata.set.v1';
  readonly data: {
    readonly level: Level;
    readonly id: string;
    /** 1024 to 65535. */
    readonly metadata: number;
    /** The offset of the event that set the value to be replaced; null: there is none; absent: whatever there is. */
    readonly expected?: number | null;
    /** How many metadata a resource may have. */
    readonly maximum: number;
  };
}
