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
}

/** An entry and the tag it was found under. For private entries the block is the first one (element 10ee). */
export interface LocatedEntry {
  readonly tag: Tag;
  readonly entry: DictionaryEntry;
}

/** An entry from the fields of a dictionary line; `vrs` lists alternatives separated by `/`. */
export function entryOf(vrs: string, vm: string, keyword: string, retired: boolean, creator?: string): DictionaryEntry {
  const alternatives = vrs.split('/');
  return {
    keyword,
    name: retired ? `RETIRED_${keyword}` : keyword,
    vr: alternatives[0] ?? 'UN',
    ...(alternatives.length > 1 && { alternatives }),
    vm,
    retired,
    ...(creator !== undefined && { privateCreator: creator }),
  };
}
