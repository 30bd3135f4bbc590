/** There is no room for the instance, and none can be made (in time). */
export class StorageFull extends Error {
  override readonly name = 'StorageFull';
}

/** The storage limits: room is reserved before a blob is kept, and given back once the fold has counted it. */
export interface StorageQuota {
  /**
   * Reserves room for a blob, waiting for recycling where that is the mode.
   * @returns gives the reservation back
   * @throws StorageFull
   */
  reserve(bytes: number, patientId: string): Promise<() => Promise<void>>;
}
