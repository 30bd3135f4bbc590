import type { JobCancelled, JobPaused, JobResubmitted, JobResumed } from './control-job/control-events.js';
import type { JobOutputRemoved, JobRemoved } from './forget-job/forget-events.js';
import type { Job, JobJson, JobObject, JobOrder } from './job.js';
import type { JobFailed, JobStarted, JobStepCompleted, JobSucceeded } from './run-job/run-events.js';
import type { JobSubmitted } from './submit-job/job-submitted.js';

/** Every event of a job. */
export type JobEvent =
  | JobSubmitted
  | JobStarted
  | JobStepCompleted
  | JobSucceeded
  | JobFailed
  | JobPaused
  | JobResumed
  | JobCancelled
  | JobResubmitted
  | JobRemoved
  | JobOutputRemoved;

/** The events of jobs that have a sealed part. */
export type SealedJobEvent = JobSubmitted | JobStepCompleted | JobSucceeded | JobFailed;

/** The sealed part of JobStepCompleted. */
export interface StepResult {
  readonly memory: JobJson;
  /** Absent in the last step of a job that succeeds: then it stands in JobSucceeded, beside it. */
  readonly content?: JobObject;
}

/** The sealed part of JobSucceeded. */
export interface JobResult {
  readonly content: JobObject;
  readonly outputs: Job['outputs'];
}

/** The sealed part of JobFailed. */
export interface JobFailure {
  readonly details: string;
}

/** What is sealed in an event of a job. */
export type JobPart = JobOrder | StepResult | JobResult | JobFailure;

const JOB_EVENT = /^annal\.job\./;

/** Whether a type of event is about a job. */
export function isJobEvent<E extends { readonly type: string }>(event: E): event is E & JobEvent {
  return JOB_EVENT.test(event.type);
}

/** Whether an event of this type has a sealed part. */
export function isSealedJobEvent(type: string): type is SealedJobEvent['type'] {
  return SEALED.has(type);
}

const SEALED: ReadonlySet<string> = new Set<SealedJobEvent['type']>([
  'annal.job.submitted.v1',
  'annal.job.step-completed.v1',
  'annal.job.succeeded.v1',
  'annal.job.failed.v1',
]);
