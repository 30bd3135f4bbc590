/** The list of exports was emptied on request (`DELETE /exports`); what was recorded of them is kept. */
export interface ExportsCleared {
  readonly type: 'annal.exports.cleared.v1';
  readonly data: Record<string, never>;
}
