import { LEVELS } from '@annal/domain';
import type { TracedExport } from '@annal/projections';
import { csvLine } from './csv.js';

/** The columns of the report, in order: a name, and what of a row stands there. */
const COLUMNS: readonly (readonly [name: string, value: (row: TracedExport) => string | number | null | undefined])[] =
  [
    ['Begun', ({ begunAt }) => begunAt],
    ['Reported', ({ reportedAt }) => reportedAt],
    ['User', ({ actor }) => actor.user],
    ['RemoteAddress', ({ actor }) => actor.remoteAddress],
    ['Origin', ({ actor }) => actor.protocol],
    ['Protocol', ({ protocol }) => protocol],
    ['DestinationKind', ({ kind }) => kind],
    ['DestinationName', ({ name }) => name],
    ['DestinationAddress', ({ address }) => address],
    ['ResourceType', ({ level }) => (level === null ? null : LEVELS[level])],
    ['ID', ({ id }) => id],
    ['ParentPatient', ({ patient }) => patient],
    ['PatientID', ({ patientId }) => patientId],
    ['StudyInstanceUID', ({ studyInstanceUid }) => studyInstanceUid],
    ['SeriesInstanceUID', ({ seriesInstanceUid }) => seriesInstanceUid],
    ['SOPInstanceUID', ({ sopInstanceUid }) => sopInstanceUid],
    ['Outcome', ({ outcome }) => outcome],
    ['InstancesCount', ({ instances }) => instances],
    ['FailedInstancesCount', ({ failed }) => failed],
    ['ErrorCode', ({ outcome, errorCode }) => (outcome === 'success' ? null : errorCode)],
    ['Export', ({ exportId }) => exportId],
    ['ExportOutcome', ({ exportOutcome }) => exportOutcome],
    ['ExportBytes', ({ bytes }) => bytes],
    ['CorrelationId', ({ correlationId }) => correlationId],
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
