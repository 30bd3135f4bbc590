import { flag, type Schema, whole } from '../http/open-api/schema.js';

/** What the body of any request for a job may say of it (`job-request.ts`). */
export const JOB_FIELDS: Readonly<Record<string, Schema>> = {
  Synchronous: flag('Whether the answer comes when the job is done'),
  Asynchronous: flag('The opposite, where Synchronous says nothing'),
  Priority: whole('Jobs of a higher priority run first'),
  UserData: { description: 'Anything, which is shown with the job' },
};

/** The same for jobs that may go on after a failure. */
export const PERMISSIVE_JOB_FIELDS: Readonly<Record<string, Schema>> = {
  ...JOB_FIELDS,
  Permissive: flag('Whether the job goes on with the others where one instance fails'),
};
