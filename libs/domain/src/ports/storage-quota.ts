/** There is no room for the instance, and none can be made (in time). */
export class StorageFull extends Error {
  override readonly name = 'StorageFull';
}

/** What room is reserved for: a blob, by the Orthanc identifiers of the resource and the patient that it belongs to. */
export interface RoomForBlob {
  readonly blobKey: string;
  readonly bytes: number;
  /** Bytes of the blob that this one replaces: they are as good as free. */
  readonly replacedBytes?: number;
  readonly instanceId: string;
  /** Whether the instance's file gives way to this one, where there is one: its bytes are as good as free, too. */
  readonly overwrites?: boolean;
  readonly patientId: string;
}

/** The storage limits: room is reserved before a blob is kept. Once the fold has counted the blob, it does not count as reserved. */
export interface StorageQuota {
  /**
   * Reserves room for a blob, waiting for recycling where that is the mode.
   * @returns gives the reservation back, for a blob that will not be folded or was
   * @throws StorageFull
   */
  reserve(wanted: RoomForBlob): Promise<() => Promise<void>>;
}
