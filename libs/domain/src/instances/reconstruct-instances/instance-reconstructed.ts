import type { Level } from '../../resources/level.js';
import type { InstanceStored, StoredBlob } from '../store-instance/instance-stored.js';

/**
 * The file of an instance was read once more: what it says takes the place of what is known, of the instance and of all
 * that it belongs to. The fold ignores the event unless the instance still has the file that was read.
 */
export interface InstanceReconstructed {
  readonly type: 'annal.instance.reconstructed.v1';
  readonly data: Pick<InstanceStored['data'], 'ids' | 'mainTagsSignatures' | 'pixelDataOffset' | 'pixelDataVr'> & {
    /** The file that was read. */
    readonly file: StoredBlob;
    /** A UUIDv7 to which the sealed part belongs, as that of InstanceStored belongs to its blob. */
    readonly sealedAs: string;
    /** The one level that is to change; absent: all. */
    readonly only?: Level;
  };
}
