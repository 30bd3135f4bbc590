/**
 * A patient gives way because the storage is full. `asOf` is the offset of the last event that changed it when it was
 * chosen; the fold ignores the event unless that is still so.
 */
export interface PatientRecycled {
  readonly type: 'annal.patient.recycled.v1';
  readonly data: { readonly id: string; readonly asOf: number };
}
