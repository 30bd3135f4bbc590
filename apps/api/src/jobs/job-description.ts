import { JOB_STATES } from '@annal/domain';
import { anyOf, component, exactly, flag, real, type Schema, text, whole } from '../http/open-api/schema.js';

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

const JOB_CONTENT: Schema = component('JobContent', {
  type: 'object',
  description: 'What is shown of what the job does: other members for each type of job',
});
const JOB_TIME: Schema = component('JobTime', {
  type: 'string',
  pattern: String.raw`^\d{8}T\d{6}\.\d{6}$`,
  description: 'As YYYYMMDDThhmmss.ffffff, in UTC',
});

/** What a request for a job is answered with at once. */
export const SUBMITTED_JOB: Schema = component(
  'SubmittedJob',
  exactly({ ID: text('The identifier of the job'), Path: text('Where it can be asked after') }),
);

/** The same, or what is shown of a job that is done. */
export const JOB_ANSWER: Schema = anyOf(SUBMITTED_JOB, JOB_CONTENT);

/** A job (`job-view.ts`). */
export const JOB: Schema = component(
  'Job',
  exactly(
    {
      CompletionTime: JOB_TIME,
      Content: JOB_CONTENT,
      CreationTime: JOB_TIME,
      EffectiveRuntime: real('Seconds'),
      ErrorCode: whole('0: no error'),
      ErrorDescription: text('What the code means'),
      ErrorDetails: text('More about it'),
      EstimatedTimeOfArrival: JOB_TIME,
      ID: text('The identifier of the job'),
      Priority: whole('Jobs of a higher priority run first'),
      Progress: whole('Per cent', { minimum: 0, maximum: 100 }),
      State: text('What has become of it', JOB_STATES),
      Timestamp: JOB_TIME,
      Type: text('What it does'),
      UserData: JOB_FIELDS.UserData!,
    },
    ['CompletionTime', 'EstimatedTimeOfArrival', 'UserData'],
  ),
);
