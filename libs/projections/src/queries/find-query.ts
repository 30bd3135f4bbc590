import type { Level } from '@annal/domain';
import type { Match } from './match.js';

/** What the text of a tag must be. A tag that is absent never matches. */
export interface TagConstraint {
  readonly tag: number;
  /** The sequences that lead to the tag, from the outermost: any item of them may have it. Default: none. */
  readonly sequences?: readonly number[];
  readonly match: Match;
  readonly caseSensitive: boolean;
}

/** What the value of a metadata must be; under Orthanc's names. */
export interface MetadataConstraint {
  readonly name: string;
  readonly match: Match;
  readonly caseSensitive: boolean;
}

/** One key of an order; resources without the value come last. */
export interface OrderKey {
  readonly by: { readonly tag: number } | { readonly metadata: string };
  readonly as: 'text' | 'integer' | 'float';
  readonly descending: boolean;
}

/** Labels that resources must have: all, any or none of them. */
export interface LabelsConstraint {
  readonly labels: readonly string[];
  readonly having: 'all' | 'any' | 'none';
}

/** A search at one level, the same for `/tools/find`, QIDO-RS and C-FIND. Everything given must hold. */
export interface FindQuery {
  readonly level: Level;
  readonly constraints: readonly TagConstraint[];
  /** Whether a main tag of a lower level is looked for in any resource below. Default: it matches nothing, as in Orthanc. */
  readonly lookBelow?: boolean;
  /** Identifiers of ancestors (or of the resource itself) by level. */
  readonly within?: Partial<Readonly<Record<Level, string>>>;
  readonly metadata?: readonly MetadataConstraint[];
  readonly labels?: LabelsConstraint;
  /** Default: the order in which the resources came. */
  readonly order?: readonly OrderKey[];
  /** How many results to skip. */
  readonly since?: number;
  /** How many results at most; absent: all. */
  readonly limit?: number;
}

/** The query orders by a tag or looks within a level that its own level does not reach. */
export class UnsupportedQuery extends Error {
  override readonly name = 'UnsupportedQuery';
}
