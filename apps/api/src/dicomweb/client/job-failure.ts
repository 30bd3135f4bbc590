import { CANCELLED_JOB, type Job, type JobObject } from '@annal/domain';
import { describeCode } from '../../http/errors/error-of-code.js';

/** What is shown of a job, with what it failed with where Orthanc's plugin shows that. */
export function withFailure({ state, errorCode, errorDetails }: Job, content: JobObject): JobObject {
  if (state !== 'Failure' || errorCode === CANCELLED_JOB) return content;
  return {
    FunctionErrorCode: errorCode,
    FunctionErrorDescription: describeCode(errorCode),
    ...(errorDetails !== '' && { FunctionErrorDetails: errorDetails }),
    ...content,
  };
}
