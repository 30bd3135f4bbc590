interface OfJob {
  readonly id: string;
}

/** Nobody is to run the job until it is resumed; a step that is under way is finished. */
export interface JobPaused {
  readonly type: 'annal.job.paused.v1';
  readonly data: OfJob;
}

/** A paused job waits for its turn again. */
export interface JobResumed {
  readonly type: 'annal.job.resumed.v1';
  readonly data: OfJob;
}

/** A job ends as failed, for somebody does not want it any more. */
export interface JobCancelled {
  readonly type: 'annal.job.cancelled.v1';
  readonly data: OfJob;
}

/** A job that failed begins anew. */
export interface JobResubmitted {
  readonly type: 'annal.job.resubmitted.v1';
  readonly data: OfJob;
}
