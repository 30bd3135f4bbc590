import { ERROR_CODES, type ErrorName } from './error-codes.js';
import { OrthancError } from './http-errors.js';

const NAMES: ReadonlyMap<number, ErrorName> = new Map(
  Object.entries(ERROR_CODES).map(([name, [code]]) => [code, name as ErrorName]),
);

/** The error that has a code of Orthanc's; that of an internal error for one that is not known. */
export function errorOf(code: number, details: string): OrthancError {
  return new OrthancError(NAMES.get(code) ?? 'InternalError', details === '' ? undefined : details);
}

/** What a code of Orthanc's says; 0 is success. */
export function describeCode(code: number): string {
  return code === 0 ? 'Success' : ERROR_CODES[NAMES.get(code) ?? 'InternalError'][1];
}
