/** What all events of a run say: whose, and which run. The fold ignores those of a run that another one has followed. */
interface OfRun {
  readonly id: string;
  readonly epoch: number;
}

/** A process has begun to run a job, or has taken it over: `epoch` is one more than that of the run before. */
export interface JobStarted {
  readonly type: 'annal.job.started.v1';
  readonly data: OfRun;
}

/** A step is done. Sealed: what it leaves for the next one, and what is shown of the job now (`StepResult`). */
export interface JobStepCompleted {
  readonly type: 'annal.job.step-completed.v1';
  readonly data: OfRun & {
    /** From 0. */
    readonly step: number;
    /** Of the whole job, 0 to 1. */
    readonly progress: number;
    /** Keys of blobs that it made, which belong to the job from now on. */
    readonly blobs: readonly string[];
  };
}

/** All steps are done. Sealed: what is shown of the job, and its outputs (`JobResult`). */
export interface JobSucceeded {
  readonly type: 'annal.job.succeeded.v1';
  readonly data: OfRun;
}

/** A step failed for good. Sealed: the details (`JobFailure`). */
export interface JobFailed {
  readonly type: 'annal.job.failed.v1';
  readonly data: OfRun & {
    /** One of Orthanc's. */
    readonly errorCode: number;
  };
}
