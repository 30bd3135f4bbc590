/**
 * A patient is protected from being recycled, or not any more; one that was, and is not any more, is the last in the order
 * of recycling. The fold passes the event over where the patient is gone, or is so already.
 */
export interface ProtectionSet {
  readonly type: 'annal.patient.protection-set.v1';
  readonly data: { readonly id: string; readonly protected: boolean };
}
