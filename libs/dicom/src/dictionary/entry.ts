import { type Tag } from '../dataset.js';

/** What a dictionary knows about a data element (PS3.6 section 6; private ones: their creator's documents). */
export interface DictionaryEntry {
  /** Keyword; for private elements a name without blanks. */
  readonly keyword: string;
  /** The name that clients of DICOM servers built on DCMTK know: retired elements carry the prefix `RETIRED_`. */
  readonly name: string;
  /** Value representation; the first one when the standard allows several. */
  readonly vr: string;
  /** All representations the standard allows, when there are several (`US` and `SS`, `OB` and `OW`). */
  readonly alternatives?: readonly string[];
  /** Value multiplicity as the standard writes it, e.g. `1`, `2-n`. */
  readonly vm: string;
  readonly retired: boolean;
  /** Private elements: who defines them. */
  readonly privateCreator?: string;
  /** Known here but not to DCMTK, so that its users see the element without name and, in implicit VR, without value. */
  readonly supplementary?: true;
}

/** An entry and the tag it was found under. For private entries the block is the first one (element 10ee). */
export interface LocatedEntry {
  readonly tag: Tag;
  readonly entry: DictionaryEntry;
}

/** The name Orthanc prints for what no dictionary knows. */
export const UNKNOWN_TAG_NAME = 'Unknown Tag & Data';

/** A private entry from the fields of a dictionary line; a `~` before the name marks a supplementary one. */
export function privateEntryOf(vrs: string, vm: string, name: string, creator: string): DictionaryEntry {
  if (!name.startsWith('~')) return { ...entryOf(vrs, vm, name, false), privateCreator: creator };
  const entry = entryOf(vrs, vm, name.slice(1), false);
  return { ...entry, name: UNKNOWN_TAG_NAME, privateCreator: creator, supplementary: true };
}

/** An entry from the fields of a dictionary line; `vrs` lists alternatives separated by `/`. */
export function entryOf(vrs: string, vm: string, keyword: string, retired: boolean): DictionaryEntry {
  const alternatives = vrs.split('/');
  return {
    keyword,
    name: retired ? `RETIRED_${keyword}` : keyword,
    vr: alternatives[0] ?? 'UN',
    ...(alternatives.length > 1 && { alternatives }),
    vm,
    retired,
  };
}
