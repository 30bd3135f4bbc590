import { component, exactly, listOf, type Schema } from '../../../http/open-api/schema.js';
import { COLUMNS } from './report-rows.js';

/** What is known of every row. */
const ALWAYS = [
  'Begun',
  'Reported',
  'Origin',
  'Protocol',
  'DestinationKind',
  'PatientID',
  'Outcome',
  'Export',
  'ExportOutcome',
  'CorrelationId',
];

const ROW: Schema = component(
  'ReportedExport',
  exactly(
    Object.fromEntries(COLUMNS.map(([name, , says]) => [name, says])),
    COLUMNS.map(([name]) => name).filter((name) => !ALWAYS.includes(name)),
  ),
);

/** The report as JSON. */
export const REPORT: Schema = component('ExportsReport', exactly({ Exports: listOf(ROW) }));
