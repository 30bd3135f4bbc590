import { EXPORT_OUTCOMES, type ExportOutcome } from '@annal/domain';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { OrthancError } from '../../../http/errors/http-errors.js';

/** The parameters of `GET /exports/report`. */
export class ReportQuery {
  @ApiPropertyOptional({ description: 'A PatientID, or the Orthanc identifier of a patient' })
  patient?: string;

  @ApiPropertyOptional({ description: 'The Orthanc identifier of a patient, study, series or instance' })
  resource?: string;

  @ApiPropertyOptional({ description: 'The name of a peer, DICOMweb server or modality' })
  destination?: string;

  @ApiPropertyOptional({ description: 'What began at this time or later, ISO 8601' })
  from?: string;

  @ApiPropertyOptional({ description: 'What began before this time, ISO 8601' })
  to?: string;

  @ApiPropertyOptional({ description: `Outcomes, separated by commas: ${EXPORT_OUTCOMES.join(', ')}` })
  outcome?: string;

  @ApiPropertyOptional({ description: 'The most rows; 0: all', type: Number, default: 0 })
  limit?: string;

  @ApiPropertyOptional({ enum: ['json', 'csv'], default: 'json' })
  format?: string;
}

/** The same, checked, but for resources. */
export interface CheckedReport {
  readonly format: 'json' | 'csv';
  readonly limit: number;
  readonly from?: string;
  readonly to?: string;
  readonly destination?: string;
  readonly outcomes?: readonly ExportOutcome[];
}

/** @throws OrthancError 400 */
export function readReportQuery(query: ReportQuery): CheckedReport {
  const { format = 'json', limit = '0', outcome, destination } = query;
  if (format !== 'json' && format !== 'csv') throw new OrthancError('BadRequest', '"format" must be json or csv');
  if (!/^\d{1,15}$/.test(limit)) throw new OrthancError('BadRequest', '"limit" must be a number, 0 or more');
  const [from, to] = [timeOf('from', query.from), timeOf('to', query.to)];
  return {
    format,
    limit: Number(limit) || Number.MAX_SAFE_INTEGER,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(destination !== undefined && { destination }),
    ...(outcome !== undefined && { outcomes: outcome.split(',').map(outcomeOf) }),
  };
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

function timeOf(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  // a time without a zone is one in UTC, as a date alone is
  const time = TIME.test(text) ? Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text) : NaN;
  if (Number.isNaN(time)) throw new OrthancError('BadRequest', `"${name}" must be a date or a time of ISO 8601`);
  return new Date(time).toISOString();
}

function outcomeOf(text: string): ExportOutcome {
  const outcome = EXPORT_OUTCOMES.find((one) => one === text);
  if (outcome) return outcome;
  throw new OrthancError('BadRequest', `"outcome" must be of ${EXPORT_OUTCOMES.join(', ')}`);
}
