/** The changes log was cleared on request (`DELETE /changes`); the event log and the changes feed keep everything. */
export interface ChangesCleared {
  readonly type: 'annal.changes.cleared.v1';
  readonly data: Record<string, never>;
}
