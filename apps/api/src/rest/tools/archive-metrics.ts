import { foldMetrics, metricsText, type RelayStatus } from '@annal/platform';
import { type ArchiveState } from '@annal/projections';

const MEGABYTE = 1024 * 1024;

/** What the archive holds, under the names that Orthanc gives it, in Prometheus' text format with the time. */
export function archiveMetrics(
  state: ArchiveState | undefined,
  lag: number | undefined,
  relay: RelayStatus | undefined,
  now: Date,
): string {
  const values = {
    orthanc_count_instances: state?.instances ?? 0,
    orthanc_count_patients: state?.patients ?? 0,
    orthanc_count_series: state?.series ?? 0,
    orthanc_count_studies: state?.studies ?? 0,
    orthanc_disk_size_mb: (state?.storedSize ?? 0) / MEGABYTE,
    orthanc_last_change: state?.lastChange ?? 0,
    orthanc_uncompressed_size_mb: (state?.size ?? 0) / MEGABYTE,
    orthanc_up_time_s: Math.floor(process.uptime()),
    ...foldMetrics(state, lag, relay),
  };
  return metricsText(values, now);
}
