import { EXPORT_OUTCOMES, LEVELS } from '@annal/domain';
import type { TracedExport } from '@annal/projections';
import { type Schema, text, whole } from '../../../http/open-api/schema.js';
import { csvLine } from './csv.js';

/** A column of the report: a name, what of a row stands there, and what is said of that. */
type Column = readonly [name: string, value: (row: TracedExport) => string | number | null | undefined, says: Schema];

const TIME: Schema = { type: 'string', format: 'date-time' };

/** The columns of the report, in order. */
export const COLUMNS: readonly Column[] = [
  ['Begun', ({ begunAt }) => begunAt, TIME],
  ['Reported', ({ reportedAt }) => reportedAt, TIME],
  ['User', ({ actor }) => actor.user, text('Who had it sent')],
  ['RemoteAddress', ({ actor }) => actor.remoteAddress, text('From where')],
  ['Origin', ({ actor }) => actor.protocol, text('By which way the request came in')],
  ['Protocol', ({ protocol }) => protocol, text('What it was sent by')],
  ['DestinationKind', ({ kind }) => kind, text('To what kind of receiver', ['peer', 'dicomweb', 'modality', 'client'])],
  ['DestinationName', ({ name }) => name, text('Its name')],
  ['DestinationAddress', ({ address }) => address, text('Where it is')],
  ['ResourceType', ({ level }) => (level === null ? null : LEVELS[level]), text('The level of what was sent', LEVELS)],
  ['ID', ({ id }) => id, text('Its identifier')],
  ['ParentPatient', ({ patient }) => patient, text("Its patient's identifier")],
  ['PatientID', ({ patientId }) => patientId, text('Its patient')],
  ['StudyInstanceUID', ({ studyInstanceUid }) => studyInstanceUid, text('Its study')],
  ['SeriesInstanceUID', ({ seriesInstanceUid }) => seriesInstanceUid, text('Its series')],
  ['SOPInstanceUID', ({ sopInstanceUid }) => sopInstanceUid, text('The instance')],
  ['Outcome', ({ outcome }) => outcome, text('What became of it', EXPORT_OUTCOMES)],
  ['InstancesCount', ({ instances }) => instances, whole('Instances that were sent')],
  ['FailedInstancesCount', ({ failed }) => failed, whole('Instances that were not')],
  ['ErrorCode', ({ outcome, errorCode }) => (outcome === 'success' ? null : errorCode), whole('Why it failed')],
  ['Export', ({ exportId }) => exportId, text('The identifier of the export')],
  ['ExportOutcome', ({ exportOutcome }) => exportOutcome, text('What became of the whole export', EXPORT_OUTCOMES)],
  ['ExportBytes', ({ bytes }) => bytes, whole('How much of the whole export was sent')],
  ['CorrelationId', ({ correlationId }) => correlationId, text('The request that it belongs to')],
];

/** The first line of the report as CSV. */
export const CSV_HEADING = csvLine(COLUMNS.map(([name]) => name));

/** Rows as lines of CSV. */
export function csvRows(rows: readonly TracedExport[]): string {
  return rows.map((row) => csvLine(COLUMNS.map(([, value]) => value(row)))).join('');
}

/** Rows as JSON objects, separated by commas; what is not known of one is left out. */
export function jsonRows(rows: readonly TracedExport[]): string {
  return rows
    .map((row) => {
      const fields = COLUMNS.map(([name, value]) => [name, value(row)] as const);
      return JSON.stringify(Object.fromEntries(fields.filter(([, value]) => value !== null && value !== undefined)));
    })
    .join(',\n');
}
