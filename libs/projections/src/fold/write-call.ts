import type { WriteSet } from './rows.js';
import { sqlText } from './sql-literal.js';

/** The parameters of `fold_write` in order, as JSON texts; null: nothing to write there. */
export function writeParameters(set: WriteSet): readonly (string | null)[] {
  return [
    set.patients,
    set.studies,
    set.series,
    set.patient_deltas,
    set.study_deltas,
    set.series_deltas,
    set.instances,
    set.headers,
    set.changes,
    set.garbage,
    set.outcomes,
    set.totals,
  ].map((part) => (part ? JSON.stringify(part) : null));
}

/** The call of `fold_write` in a multi-statement query. */
export function writeSql(set: WriteSet): string {
  const literals = writeParameters(set).map((text) => (text === null ? 'NULL' : `${sqlText(text)}::json`));
  return `SELECT fold_write(${literals.join(', ')})`;
}
