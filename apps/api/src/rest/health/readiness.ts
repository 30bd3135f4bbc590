import type { EventLog } from '@annal/domain';
import { FoldHealthCheck, type FoldHealth, inTime, relayStatus, type RelayState } from '@annal/platform';
import type { Queryable } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_LOG, POOL } from '../../tokens.js';

/** Whether requests can be served, and what stands in the way. */
export interface Readiness extends Pick<FoldHealth, 'checks' | 'lag'> {
  readonly ready: boolean;
  /** What is published of the changes, where they are; requests are served all the same. */
  readonly changes?: { readonly state: RelayState; readonly lag: number };
}

/** Above this many events the read models are too old to answer from. */
const MAX_LAG = 10_000;

@Injectable()
export class ReadinessCheck {
  private readonly fold: FoldHealthCheck;

  constructor(
    @Inject(POOL) private readonly database: Queryable,
    @Inject(EVENT_LOG) log: EventLog,
  ) {
    this.fold = new FoldHealthCheck(database, log);
  }

  async run(): Promise<Readiness> {
    const [relay, { checks, lag, state }] = await Promise.all([
      inTime(() => relayStatus(this.database)),
      this.fold.run(),
    ]);
    const ready = Object.values(checks).every(Boolean) && lag !== undefined && lag <= MAX_LAG;
    const changes = relay && state && { state: relay.state, lag: Math.max(0, state.lastChange - relay.seq) };
    return { ready, checks, lag, changes };
  }
}
