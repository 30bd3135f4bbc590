import type { Job, JobJson, JobObject } from '@annal/domain';
import type { Readable } from 'node:stream';
import type { Download } from '../exports/export-trace.js';

/** What a step has to work with. */
export interface StepContext {
  /** Aborted when the job is cancelled, or another process has taken it over, or this one ends: then the step gives up. */
  readonly signal: AbortSignal;
}

/** What a step has done, durably. */
export interface StepDone {
  /** What the next step needs to know: of this one alone it gets that. Small: it stands in the log. */
  readonly memory: JobJson;
  /** What is shown of the job from now on. */
  readonly content: JobObject;
  /** Of the whole job, 0 to 1. */
  readonly progress: number;
  /** Keys of blobs that it made: they go with the job. */
  readonly blobs?: readonly string[];
  /** Set by the last step: what can be downloaded from now on, by its name. */
  readonly outputs?: Job['outputs'];
}

/** Something to be downloaded. */
export interface JobOutput {
  readonly stream: Readable;
  /** Bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** As it stands between the quotes of Content-Disposition. */
  readonly filename: string;
}

/**
 * A kind of job. Its work is cut into steps, each of which begins with what the log knows (`job.steps` are done,
 * `job.memory` is what they left) and ends with an event: a process that dies costs one step, which another one does again.
 * So a step either does nothing that others see until it is done, or finds out what of it was done before.
 */
export interface JobType {
  /** As Orthanc calls it. */
  readonly name: string;
  /** What to say to those who want to resubmit one that failed; absent: it can be. */
  readonly cannotResubmit?: string;
  /**
   * Does the step number `job.steps`: some seconds of work rather than minutes.
   * @throws OrthancError where the job fails for good, with its code and details; whatever `signal` has as its reason
   */
  step(job: Job, context: StepContext): Promise<StepDone>;
  /** What is shown of a job (`Content`), where that is not what its steps leave as such. */
  shown?(job: Job): JobObject;
  /** Whether outputs of a job that ended, or what a paused one made so far, hold a copy of what was deleted since. */
  isOutdated?(job: Job): Promise<boolean>;
  /** What is said of whoever downloads an output; absent: nothing of a patient is in it. */
  traced?(job: Job): Download;
  /** Opens what is known as an output of a job. */
  open?(output: JobObject): Promise<JobOutput>;
}
