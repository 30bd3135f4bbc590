/** An event that cannot be folded. */
export class UnfoldableEvent extends Error {
  override readonly name = 'UnfoldableEvent';
}
