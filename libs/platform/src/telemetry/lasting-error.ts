import { describeError } from './describe-error.js';

/** Until an error that stays is told again: doubled each time, ms. */
const FIRST_DELAY = 60_000;
const LONGEST_DELAY = 3_600_000;
/** What differs from one attempt to the next: what system calls quote, and keys of blobs. */
const OF_ATTEMPT = /'[^']*'|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** An error that comes at each attempt: when it is to be told. */
export class LastingError {
  private last: { readonly text: string; readonly again: number; readonly delay: number } | undefined;

  /** Whether it is told now: at once where it is another one than before, then ever more rarely. */
  isDue(error: unknown): boolean {
    const text = describeError(error).replace(OF_ATTEMPT, '');
    const now = performance.now();
    const same = this.last?.text === text ? this.last : undefined;
    if (same && now < same.again) return false;
    const delay = same ? Math.min(LONGEST_DELAY, 2 * same.delay) : FIRST_DELAY;
    this.last = { text, again: now + delay, delay };
    return true;
  }

  /** All is well: the next one is told at once. Returns whether anything had been told. */
  over(): boolean {
    const was = this.last !== undefined;
    this.last = undefined;
    return was;
  }
}
