/** Something long is to be done. What it is about is sealed with a key of the job's own (`JobOrder` as JSON). */
export interface JobSubmitted {
  readonly type: 'annal.job.submitted.v1';
  readonly data: {
    readonly id: string;
    /** As Orthanc names it, e.g. `Archive`. */
    readonly jobType: string;
    /** The higher, the sooner. */
    readonly priority: number;
    readonly permissive: boolean;
  };
}
