import type { EventLog } from '@annal/domain';
import { relayStatus, type RelayState } from '@annal/platform';
import { archiveState, type Queryable, READ_MODEL_VERSION } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_LOG, POOL } from '../../tokens.js';

/** Whether requests can be served, and what stands in the way. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: {
    readonly database: boolean;
    readonly log: boolean;
    /** Whether the read models are of this version. */
    readonly schema: boolean;
  };
  /** Events that are in the log and not in the read models yet. */
  readonly lag?: number;
  /** What is published of the changes, where they are; requests are served all the same. */
  readonly changes?: { readonly state: RelayState; readonly lag: number };
}

/** Above this many events the read models are too old to answer from. */
const MAX_LAG = 10_000;
/** An answer that does not come in this time, ms, is none. */
const PATIENCE = 3000;

@Injectable()
export class ReadinessCheck {
  constructor(
    @Inject(POOL) private readonly database: Queryable,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  async run(): Promise<Readiness> {
    // the log's end first: what is folded in between is no lag
    const end = await inTime(this.log.end());
    const [relay, state] = await Promise.all([inTime(relayStatus(this.database)), inTime(archiveState(this.database))]);
    const checks = {
      database: state !== undefined,
      log: end !== undefined,
      schema: state?.version === READ_MODEL_VERSION,
    };
    const lag = end && state ? Math.max(0, end.offset - state.offset) : undefined;
    const ready = Object.values(checks).every(Boolean) && lag !== undefined && lag <= MAX_LAG;
    const changes = relay && state && { state: relay.state, lag: Math.max(0, state.lastChange - relay.seq) };
    return { ready, checks, lag, changes };
  }
}

/** What a promise resolves with; undefined when it fails or takes too long. */
async function inTime<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
