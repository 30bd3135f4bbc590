import type { Level } from '../resources/level.js';

/** Asks the read models, before anything is appended, what is there. */
export interface ResourceLookup {
  /** The MD5 of the stored instance's file; undefined when there is none. */
  md5Of(instanceId: string): Promise<string | undefined>;
  /** The level of each of these resources; those that are not there are left out. */
  levelsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Level>>;
}
