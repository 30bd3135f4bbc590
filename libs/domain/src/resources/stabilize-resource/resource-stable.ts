import type { Level } from '../level.js';

/**
 * A patient, study or series received nothing for the configured time. `asOf` is the offset of the last event that
 * its owner saw change it; the fold ignores the event unless that is still so.
 */
export interface ResourceStable {
  readonly type: 'annal.resource.stable.v1';
  readonly data: { readonly level: Exclude<Level, 'Instance'>; readonly id: string; readonly asOf: number };
}
