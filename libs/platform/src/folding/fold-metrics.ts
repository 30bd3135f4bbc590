import type { ArchiveState } from '@annal/projections';
import type { RelayStatus } from '../changes-relay/relay-status.js';

/** Metrics by name; what is not known is left out. */
export type Metrics = Readonly<Record<string, number>>;

/** How far the read models are, and how far changes are published. @param lag events */
export function foldMetrics(
  state: ArchiveState | undefined,
  lag: number | undefined,
  relay: RelayStatus | undefined,
): Metrics {
  return {
    annal_folded_events: (state?.offset ?? -1) + 1,
    ...(lag !== undefined && { annal_fold_lag_events: lag }),
    annal_parked_events: state?.parked ?? 0,
    ...(relay && {
      annal_changes_published: relay.seq,
      annal_changes_relay_failing: Number(relay.state !== 'publishing'),
      annal_changes_relay_refused: Number(relay.state === 'refused'),
    }),
  };
}

/** Metrics in Prometheus' text format, with the time. */
export function metricsText(metrics: Metrics, now: Date): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${value} ${now.getTime()}\n`)
    .join('');
}
