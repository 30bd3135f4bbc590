/** So long, ms, the read models may stay where they are though there is more in the log. */
export const MAX_STANDSTILL = 10_000;

/** Tells a fold that is behind from one that does not move any more, from looks at both ends. */
export class FoldProgress {
  private last: { readonly offset: number; readonly since: number } | undefined;

  /**
   * Takes note of where the read models and the log's end are.
   * @param now ms
   * @returns whether the fold has stood still for too long
   */
  standsStill(offset: number, end: number, now: number): boolean {
    if (offset >= end) {
      this.last = undefined;
      return false;
    }
    if (this.last?.offset !== offset) this.last = { offset, since: now };
    return now - this.last.since > MAX_STANDSTILL;
  }
}
