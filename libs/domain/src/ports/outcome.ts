/** What the fold made of an event, where that is not plain success. */
export type Outcome =
  | { readonly kind: 'already-stored' }
  | { readonly kind: 'overwritten' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'revised'; readonly revision: number }
  | { readonly kind: 'removed'; readonly remaining: RemainingAncestor | null };

/** The closest ancestor that a deletion left, for the answer to DELETE. */
export interface RemainingAncestor {
  readonly level: 'Patient' | 'Study' | 'Series';
  readonly id: string;
}

/** The outcome of each event of an append, in order; null: plain success. */
export type Outcomes = readonly (Outcome | null)[];
