import type { Execute } from './execute.js';
import type {
  AnnotationRow,
  ExportsDifference,
  Fillings,
  JobsDifference,
  RemotesDifference,
  WriteSet,
} from './rows.js';
import { sqlJson, sqlText, sqlTextArray } from './sql-literal.js';

/** The parameters of `fold_write`, in order. */
const PARAMETERS: readonly Exclude<keyof WriteSet, 'fillings' | 'annotations' | 'jobs' | 'remotes' | 'exports'>[] = [
  'patients',
  'studies',
  'series',
  'patient_deltas',
  'study_deltas',
  'series_deltas',
  'instances',
  'headers',
  'changes',
  'garbage',
  'outcomes',
  'totals',
];

/** The parameters of `fold_write` in order, as JSON texts; null: nothing to write there. */
export function writeParameters(set: WriteSet): (string | null)[] {
  return PARAMETERS.map((name) => (set[name] ? JSON.stringify(set[name]) : null));
}

/** The call of `fold_write` in a prepared statement whose parameters from number `first` on are {@link writeParameters}. */
export function preparedWrite(first: number): string {
  return `fold_write(${PARAMETERS.map((_, index) => `$${first + index}::json`).join(', ')})`;
}

const FOLD_WRITE = { name: 'fold_write', text: `SELECT ${preparedWrite(1)}` };
/**
 * From so many characters on, parameters are cheaper: a literal is read one by one by the SQL parser, which costs more than
 * another round trip.
 */
const MANY = 64 * 1024;

/** Writes a difference, all but the statements that are left to the caller, who sends them with whatever follows. */
export async function write(set: WriteSet, execute: Execute): Promise<string> {
  const parameters = writeParameters(set);
  const rare = rareSql(set);
  if (parameters.reduce((sum, text) => sum + (text?.length ?? 0), 0) < MANY) {
    const literals = parameters.map((text) => (text === null ? 'NULL' : `${sqlText(text)}::json`));
    return [`SELECT fold_write(${literals.join(', ')})`, ...rare].join('; ');
  }
  await execute({ ...FOLD_WRITE, values: parameters });
  return rare.length > 0 ? rare.join('; ') : 'SELECT 1';
}

/** The statements for what few batches have. */
function rareSql(set: WriteSet): readonly string[] {
  const statements: string[] = [];
  if (set.fillings) statements.push(fillSql(set.fillings));
  if (set.annotations) statements.push(annotateSql(set.annotations));
  if (set.jobs) statements.push(jobsSql(set.jobs));
  if (set.remotes) statements.push(remotesSql(set.remotes));
  if (set.exports) statements.push(exportsSql(set.exports));
  return statements;
}

function fillSql({ patients, studies, series }: Fillings): string {
  const literals = [patients, studies, series].map((rows) => `${sqlText(JSON.stringify(rows))}::json`);
  return `SELECT fold_fill(${literals.join(', ')})`;
}

function annotateSql(rows: readonly AnnotationRow[]): string {
  return `SELECT fold_annotate(${sqlJson(rows)})`;
}

function jobsSql({ jobs, removed, freed, blobs, garbage }: JobsDifference): string {
  const [written, given, made, lost] = [jobs, freed, blobs, garbage].map(sqlJson);
  return `SELECT fold_write_jobs(${written}, ${sqlTextArray(removed)}, ${given}, ${made}, ${lost})`;
}

function remotesSql({ set, removed }: RemotesDifference): string {
  return `SELECT fold_write_remotes(${sqlJson(set)}, ${sqlJson(removed)})`;
}

function exportsSql({ exports, resources, arrived }: ExportsDifference): string {
  return `SELECT fold_write_exports(${sqlJson(exports)}, ${sqlJson(resources)}, ${sqlJson(arrived)})`;
}
