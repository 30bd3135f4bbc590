import { ERROR_CODES } from '../http/errors/error-codes.js';

/** The error codes of the REST API as a table: code, HTTP status, message. */
export function describeErrors(): string {
  const rows = Object.values(ERROR_CODES).map(([code, message, status]) => `${code}\t${status}\t${message}`);
  return `OrthancStatus\tHttpStatus\tOrthancError\n${rows.join('\n')}\n`;
}
