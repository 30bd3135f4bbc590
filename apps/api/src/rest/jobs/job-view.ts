import type { Job, JobJson, JobObject } from '@annal/domain';
import { describeCode } from '../../http/errors/error-of-code.js';

/** A job as Orthanc shows it. */
export interface JobView {
  readonly CompletionTime?: string;
  readonly Content: JobJson;
  readonly CreationTime: string;
  /** Seconds. */
  readonly EffectiveRuntime: number;
  readonly ErrorCode: number;
  readonly ErrorDescription: string;
  readonly ErrorDetails: string;
  readonly EstimatedTimeOfArrival?: string;
  readonly ID: string;
  readonly Priority: number;
  /** Per cent. */
  readonly Progress: number;
  readonly State: string;
  readonly Timestamp: string;
  readonly Type: string;
  readonly UserData?: JobJson;
}

/** Before so much is done, nobody knows how long the rest takes. */
const ESTIMATED_FROM = 0.01;

/** @param content what is shown of what it does. @param now when it is looked at */
export function viewJob(job: Job, content: JobObject, now: Date): JobView {
  const since = job.runningSince === null ? 0 : Math.max(0, now.getTime() - Date.parse(job.runningSince));
  const runtime = job.runtime + since;
  const isEstimated = job.state === 'Running' && job.progress > ESTIMATED_FROM;
  const rest = isEstimated ? (runtime * (1 - job.progress)) / job.progress : 0;
  return {
    ...(job.completedAt !== null && { CompletionTime: isoTime(job.completedAt) }),
    Content: content,
    CreationTime: isoTime(job.createdAt),
    EffectiveRuntime: runtime / 1000,
    ErrorCode: job.errorCode,
    ErrorDescription: describeCode(job.errorCode),
    ErrorDetails: job.errorDetails,
    ...(isEstimated && { EstimatedTimeOfArrival: isoTime(new Date(now.getTime() + rest).toISOString()) }),
    ID: job.id,
    Priority: job.priority,
    Progress: Math.floor(job.progress * 100),
    State: job.state,
    Timestamp: isoTime(now.toISOString()),
    Type: job.type,
    ...(job.userData !== undefined && { UserData: job.userData }),
  };
}

/** As Orthanc writes times, in UTC with microseconds. */
function isoTime(time: string): string {
  return `${time.replace(/[-:Z]/g, '')}000`;
}
