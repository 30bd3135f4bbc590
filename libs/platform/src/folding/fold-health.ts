import type { EventLog } from '@annal/domain';
import { archiveState, type ArchiveState, type Queryable, READ_MODEL_VERSION } from '@annal/projections';
import { FoldProgress } from './fold-progress.js';

/** Whether the read models are what they should be, and what stands in the way. */
export interface FoldHealth {
  readonly checks: {
    readonly database: boolean;
    readonly log: boolean;
    /** Whether the read models are of this version. */
    readonly schema: boolean;
    /** Whether the fold goes on: no event is parked, and it does not stand still behind the log's end. */
    readonly fold: boolean;
  };
  /** Events that are in the log and not in the read models yet. */
  readonly lag?: number;
  readonly state?: ArchiveState;
}

/** An answer that does not come in this time, ms, is none. */
const PATIENCE = 3000;

/** Looks after the fold from outside, whichever process folds. */
export class FoldHealthCheck {
  private readonly progress = new FoldProgress();

  /** @param clock ms, from any beginning */
  constructor(
    private readonly database: Queryable,
    private readonly log: EventLog,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  async run(): Promise<FoldHealth> {
    // the log's end first: what is folded in between is no lag
    const end = await inTime(() => this.log.end());
    const state = await inTime(() => archiveState(this.database));
    const still = end && state && this.progress.standsStill(state.offset, end.offset, this.clock());
    return {
      checks: {
        database: state !== undefined,
        log: end !== undefined,
        schema: state?.version === READ_MODEL_VERSION,
        fold: state?.parked === 0 && still !== true,
      },
      ...(end && state && { lag: Math.max(0, end.offset - state.offset) }),
      ...(state && { state }),
    };
  }
}

/** What a question is answered with; undefined when it fails or takes too long. */
export async function inTime<T>(ask: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
