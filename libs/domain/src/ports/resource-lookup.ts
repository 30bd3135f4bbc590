import type { Level } from '../resources/level.js';

/** A resource with those above it, by Orthanc identifier. */
export interface ResourceLine {
  readonly level: Level;
  readonly id: string;
  readonly patient: string;
  /** Of studies and what is below them. */
  readonly study?: string;
  /** Of series and instances. */
  readonly series?: string;
}

/** Asks the read models, before anything is appended, what is there. */
export interface ResourceLookup {
  /** The MD5 of the stored instance's file; undefined when there is none. */
  md5Of(instanceId: string): Promise<string | undefined>;
  /** The level of each of these resources; those that are not there are left out. */
  levelsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Level>>;
  /** Each of these resources with those above it; those that are not there are left out. */
  linesOf(ids: readonly string[]): Promise<ReadonlyMap<string, ResourceLine>>;
}
