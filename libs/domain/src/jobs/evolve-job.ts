import { CANCELLED_JOB, hasEnded, type Job, type JobOrder } from './job.js';
import type { JobEvent, JobFailure, JobPart, JobResult, StepResult } from './job-event.js';

/** An event of a job as it is folded: when it happened, and its sealed part; null where its key is gone. */
export type FoldedJobEvent = JobEvent & { readonly time: string; readonly part: JobPart | null };

/** What an event makes of a job. */
export type Evolved =
  | { readonly kind: 'changed'; readonly job: Job }
  /** It is forgotten. */
  | { readonly kind: 'removed' }
  /** It is so already, or was too late to matter. */
  | { readonly kind: 'unchanged' }
  /** Nothing of it: the job is in another state, or in other hands. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'not-found' };

const UNCHANGED: Evolved = { kind: 'unchanged' };
const REFUSED: Evolved = { kind: 'refused' };

/** What becomes of a job by an event; pure, so that commands know beforehand what the fold will decide in log order. */
export function evolveJob(job: Job | undefined, event: FoldedJobEvent): Evolved {
  if (event.type === 'annal.job.submitted.v1') return job ? REFUSED : changed(submitted(event));
  if (!job) return { kind: 'not-found' };
  switch (event.type) {
    case 'annal.job.started.v1':
      return started(job, event);
    case 'annal.job.step-completed.v1':
    case 'annal.job.succeeded.v1':
    case 'annal.job.failed.v1':
      return ofRun(job, event);
    case 'annal.job.paused.v1':
      if (hasEnded(job) || job.state === 'Paused') return UNCHANGED;
      return changed({ ...stopped(job, event.time), state: 'Paused' });
    case 'annal.job.resumed.v1':
      return job.state === 'Paused' ? changed({ ...job, state: 'Pending' }) : REFUSED;
    case 'annal.job.cancelled.v1':
      return hasEnded(job) ? UNCHANGED : changed({ ...ended(job, event.time, 'Failure'), errorCode: CANCELLED_JOB });
    case 'annal.job.resubmitted.v1':
      return job.state === 'Failure' ? changed(anew(job)) : REFUSED;
    case 'annal.job.removed.v1':
      return hasEnded(job) ? { kind: 'removed' } : REFUSED;
    case 'annal.job.output-removed.v1': {
      const { [event.data.output]: output, ...outputs } = job.outputs;
      return output ? changed({ ...job, outputs }) : { kind: 'not-found' };
    }
  }
}

function changed(job: Job): Evolved {
  return { kind: 'changed', job };
}

const FRESH = {
  state: 'Pending',
  completedAt: null,
  progress: 0,
  steps: 0,
  memory: null,
  runtime: 0,
  runningSince: null,
  errorCode: 0,
  errorDetails: '',
  outputs: {},
} as const;

function submitted({ data, time, part }: FoldedJobEvent & { type: 'annal.job.submitted.v1' }): Job {
  const { id, jobType: type, priority, permissive } = data;
  const { parameters = {}, content = {}, userData } = (part ?? {}) as Partial<JobOrder>;
  const order = { parameters, content, ...(userData === undefined ? {} : { userData }) };
  return { ...FRESH, id, type, priority, permissive, createdAt: time, epoch: 0, ...order };
}

/** As it was submitted; the runs are counted on, so that whoever still runs it is refused. */
function anew(job: Job): Job {
  return { ...job, ...FRESH, epoch: job.epoch + 1 };
}

function started(job: Job, { data, time }: FoldedJobEvent & { type: 'annal.job.started.v1' }): Evolved {
  if ((job.state !== 'Pending' && job.state !== 'Running') || data.epoch !== job.epoch + 1) return REFUSED;
  return changed({ ...stopped(job, time), state: 'Running', epoch: data.epoch, runningSince: time });
}

type RunEvent = FoldedJobEvent & {
  type: 'annal.job.step-completed.v1' | 'annal.job.succeeded.v1' | 'annal.job.failed.v1';
};

/** What a run did counts as long as no other one has begun, also where the job was paused meanwhile. */
function ofRun(job: Job, event: RunEvent): Evolved {
  if (hasEnded(job) || event.data.epoch !== job.epoch) return REFUSED;
  const { time, part } = event;
  switch (event.type) {
    case 'annal.job.step-completed.v1': {
      if (event.data.step !== job.steps) return REFUSED;
      const { memory = null, content = job.content } = (part ?? {}) as Partial<StepResult>;
      const { progress } = event.data;
      const counted = job.state === 'Running' ? { ...stopped(job, time), runningSince: time } : job;
      return changed({ ...counted, steps: job.steps + 1, progress, memory, content });
    }
    case 'annal.job.succeeded.v1': {
      const { content = job.content, outputs = {} } = (part ?? {}) as Partial<JobResult>;
      return changed({ ...ended(job, time, 'Success'), progress: 1, content, outputs, memory: null });
    }
    case 'annal.job.failed.v1': {
      const { details = '' } = (part ?? {}) as Partial<JobFailure>;
      return changed({ ...ended(job, time, 'Failure'), errorCode: event.data.errorCode, errorDetails: details });
    }
  }
}

function ended(job: Job, time: string, state: 'Success' | 'Failure'): Job {
  return { ...stopped(job, time), state, completedAt: time, memory: null };
}

/** With the time of the run that ends here. */
function stopped(job: Job, time: string): Job {
  if (job.runningSince === null) return job;
  const runtime = job.runtime + Math.max(0, Date.parse(time) - Date.parse(job.runningSince));
  return { ...job, runtime, runningSince: null };
}
