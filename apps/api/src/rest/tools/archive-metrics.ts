import type { JobState } from '@annal/domain';
import { foldMetrics, metricsText, type RelayStatus } from '@annal/platform';
import { type ArchiveState } from '@annal/projections';

const MEGABYTE = 1024 * 1024;

/** What the archive holds, under the names that Orthanc gives it, in Prometheus' text format with the time. */
export function archiveMetrics(
  state: ArchiveState | undefined,
  lag: number | undefined,
  relay: RelayStatus | undefined,
  jobs: Partial<Record<JobState, number>>,
  now: Date,
): string {
  const values = {
    orthanc_count_instances: state?.instances ?? 0,
    orthanc_count_patients: state?.patients ?? 0,
    orthanc_count_series: state?.series ?? 0,
    orthanc_count_studies: state?.studies ?? 0,
    ...jobMetrics(jobs),
    orthanc_disk_size_mb: (state?.storedSize ?? 0) / MEGABYTE,
    orthanc_last_change: state?.lastChange ?? 0,
    orthanc_uncompressed_size_mb: (state?.size ?? 0) / MEGABYTE,
    orthanc_up_time_s: Math.floor(process.uptime()),
    ...foldMetrics(state, lag, relay),
  };
  return metricsText(values, now);
}

/** Paused jobs are none of these, as in Orthanc. */
function jobMetrics({
  Pending = 0,
  Running = 0,
  Success = 0,
  Failure = 0,
}: Partial<Record<JobState, number>>): Record<string, number> {
  return {
    orthanc_jobs_completed: Success + Failure,
    orthanc_jobs_failed: Failure,
    orthanc_jobs_pending: Pending,
    orthanc_jobs_running: Running,
    orthanc_jobs_success: Success,
  };
}
