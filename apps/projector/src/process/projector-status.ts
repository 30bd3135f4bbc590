import {
  type Folding,
  type FoldHealth,
  type FoldHealthCheck,
  foldMetrics,
  metricsText,
  type ProjectorState,
  relayStatus,
} from '@annal/platform';
import type { Queryable } from '@annal/projections';

const STATES: readonly ProjectorState[] = ['standby', 'folding', 'parked'];
const UNKNOWN: FoldHealth = { checks: { database: false, log: false, schema: false, fold: false } };

/** What a projector says of itself. */
export class ProjectorStatus {
  private folding: Folding | undefined;
  private health: FoldHealthCheck | undefined;

  constructor(private readonly database: Queryable) {}

  /** From now on there is something to say: until then it is getting ready. */
  follow(folding: Folding, health: FoldHealthCheck): void {
    this.folding = folding;
    this.health = health;
  }

  /**
   * Whether it does what it is there for. One that stands by need only be able to take over: whatever becomes of the fold
   * meanwhile is told by the one that folds, and by the servers.
   */
  async readiness(): Promise<{ readonly ready: boolean; readonly content: object }> {
    const { checks, lag, state } = (await this.health?.run()) ?? UNKNOWN;
    const { database, log, schema, fold } = checks;
    const ready = database && log && schema && (this.state === 'standby' || (this.state === 'folding' && fold));
    return {
      ready,
      content: {
        Checks: { Database: database, Fold: fold, Log: log, Schema: schema },
        FoldedOffset: state?.offset ?? null,
        Lag: lag ?? null,
        Parked: state?.parked ?? null,
        State: this.state,
        Status: ready ? 'ready' : 'not ready',
      },
    };
  }

  /** In Prometheus' text format. */
  async metrics(): Promise<string> {
    const [health, relay] = await Promise.all([this.health?.run(), relayStatus(this.database)]);
    const now = new Date();
    const states = STATES.map(
      (state) => `annal_projector_state{state="${state}"} ${Number(state === this.state)} ${now.getTime()}\n`,
    );
    const { state, lag } = health ?? {};
    const metrics = { ...foldMetrics(state, lag, relay), orthanc_up_time_s: Math.floor(process.uptime()) };
    return states.join('') + metricsText(metrics, now);
  }

  private get state(): ProjectorState {
    return this.folding?.state ?? 'standby';
  }
}
