/** The states that Orthanc's jobs go through ("Retry", which no type of job uses, apart). */
export const JOB_STATES = ['Pending', 'Running', 'Paused', 'Success', 'Failure'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A value of JSON. */
export type JobJson = null | boolean | number | string | readonly JobJson[] | { readonly [key: string]: JobJson };
export type JobObject = { readonly [key: string]: JobJson };

/** What a job is asked to do: personal data, sealed in the log. */
export interface JobOrder {
  /** What its type needs to know. */
  readonly parameters: JobObject;
  /** What is shown of it from the beginning (`Content`). */
  readonly content: JobObject;
  /** What the client wants to find in it again. */
  readonly userData?: JobJson;
}

/** A long piece of work, of which the log knows every step: what the events so far make of it. */
export interface Job extends JobOrder {
  readonly id: string;
  readonly type: string;
  readonly priority: number;
  readonly permissive: boolean;
  readonly state: JobState;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; null until it has ended. */
  readonly completedAt: string | null;
  /** 0 to 1. */
  readonly progress: number;
  /** Steps that are done: the next one has this number. */
  readonly steps: number;
  /** How often somebody began or took over to run it: events of earlier runs count no more. */
  readonly epoch: number;
  /** What the steps so far leave for the next one; null before the first. */
  readonly memory: JobJson;
  /** ms that it was run for until `runningSince`. */
  readonly runtime: number;
  /** ISO 8601; null while nobody runs it. */
  readonly runningSince: string | null;
  /** One of Orthanc's error codes; 0: none. */
  readonly errorCode: number;
  readonly errorDetails: string;
  /** What it made, by the key under which that is downloaded. */
  readonly outputs: { readonly [key: string]: JobObject };
}

/** Orthanc's error code of a job that was cancelled. */
export const CANCELLED_JOB = 37;

/** Whether a job is done, for better or worse. */
export function hasEnded({ state }: Pick<Job, 'state'>): boolean {
  return state === 'Success' || state === 'Failure';
}

/** What is less or equal to the identifiers of all jobs that are submitted from this time on (UUIDs of version 7, RFC 9562). */
export function firstJobIdAt(time: Date): string {
  const ms = time.getTime().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}`;
}

/** Its path in the REST API without the slash in front: the subject of its events. */
export function jobSubject(id: string): string {
  return `jobs/${id}`;
}
