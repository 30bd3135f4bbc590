import type { Level } from '../../resources/level.js';

/**
 * A resource bears a label from now on. Labels are the site's own words, and stand here in clear. The fold passes the
 * event over where the resource is gone, bears it already, or would bear more than `maximum`.
 */
export interface LabelAdded {
  readonly type: 'annal.label.added.v1';
  readonly data: {
    readonly level: Level;
    readonly id: string;
    readonly label: string;
    /** How many labels a resource may bear. */
    readonly maximum: number;
  };
}

/** A resource does not bear a label any more. */
export interface LabelRemoved {
  readonly type: 'annal.label.removed.v1';
  readonly data: { readonly level: Level; readonly id: string; readonly label: string };
}
