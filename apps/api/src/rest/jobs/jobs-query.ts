import { JOB_STATES, type JobState } from '@annal/domain';
import type { JobsFilter } from '@annal/projections';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { Query } from '../resources/list-request.js';

/** `state` and `type` (lists with commas), `since` (a job's identifier), `limit`. @throws OrthancError 400 */
export function jobsFilter(
  { state, type, since, limit }: Query,
  maximum: number,
): JobsFilter & { readonly limit: number } {
  const states = state?.split(',') as readonly JobState[] | undefined;
  const unknown = states?.find((one) => !JOB_STATES.includes(one));
  if (unknown !== undefined) throw new OrthancError('ParameterOutOfRange', `"state" is of ${JOB_STATES.join(', ')}`);
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw new OrthancError('ParameterOutOfRange', '"limit" is a number of jobs, 1 or more');
  }
  return {
    ...(states && { states }),
    ...(type !== undefined && { types: type.split(',') }),
    ...(since !== undefined && { since }),
    limit: Math.min(maximum, limit === undefined ? Infinity : Number(limit)),
  };
}
