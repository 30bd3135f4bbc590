import { ApiPropertyOptional } from '@nestjs/swagger';
import { OrthancError } from '../../http/errors/http-errors.js';

export const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;
const MAX_WAIT = 60;

/** The parameters of `GET /events`. */
export class EventsQuery {
  @ApiPropertyOptional({ description: 'The offset after which to begin', type: Number, default: -1 })
  since?: string;

  @ApiPropertyOptional({
    description: 'The most events to answer',
    type: Number,
    default: DEFAULT_PAGE,
    maximum: MAX_PAGE,
  })
  limit?: string;

  @ApiPropertyOptional({ description: 'Types of events, or their beginnings, separated by ";"' })
  type?: string;

  @ApiPropertyOptional({ description: 'The Orthanc identifier of a patient, study, series or instance' })
  resource?: string;

  @ApiPropertyOptional({
    description: 'Seconds to wait for an event if there is none',
    type: Number,
    maximum: MAX_WAIT,
  })
  wait?: string;
}

/** The same, checked. Times in ms. @throws OrthancError 400 */
export function readEventsQuery(query: EventsQuery): { since: number; limit: number; wait: number } {
  return {
    since: number('since', query.since, -1, -1, Number.MAX_SAFE_INTEGER),
    limit: number('limit', query.limit, DEFAULT_PAGE, 1, MAX_PAGE),
    wait: number('wait', query.wait, 0, 0, MAX_WAIT) * 1000,
  };
}

function number(name: string, text: string | undefined, absent: number, least: number, most: number): number {
  if (text === undefined || text === '') return absent;
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new OrthancError('BadRequest', `"${name}" must be a number from ${least} to ${most}`);
}
