/** A job that has ended is forgotten, with all it made; its key is destroyed after a while. */
export interface JobRemoved {
  readonly type: 'annal.job.removed.v1';
  readonly data: { readonly id: string };
}

/** What a job made is given up; the job is still listed. */
export interface JobOutputRemoved {
  readonly type: 'annal.job.output-removed.v1';
  readonly data: { readonly id: string; readonly output: string };
}
