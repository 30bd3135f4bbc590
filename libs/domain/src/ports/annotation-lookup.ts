import type { Level } from '../resources/level.js';

/** A metadata's value as it is. */
export interface CurrentMetadata {
  readonly value: string;
  readonly revision: number;
  /** The offset of the event that set it. */
  readonly position: number;
}

/** Asks the read models what users noted on resources; undefined for a resource that is not there. */
export interface AnnotationLookup {
  /** A metadata, and by whose keys it is sealed: the resource's study, of a patient the first one, and the patient. */
  metadataOf(
    level: Level,
    id: string,
    metadata: number,
  ): Promise<{ readonly study: string; readonly patient: string; readonly current?: CurrentMetadata } | undefined>;
  /** The labels in alphabetical order. */
  labelsOf(level: Level, id: string): Promise<readonly string[] | undefined>;
  /** Whether a patient is protected from being recycled. */
  isProtected(id: string): Promise<boolean | undefined>;
}
