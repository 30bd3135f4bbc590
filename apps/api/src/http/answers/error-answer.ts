import {
  AppendRefused,
  AppendUnknown,
  BlobStoreUnavailable,
  BlobUnreadable,
  EventTooLarge,
  NotYetVisible,
} from '@annal/domain';
import { isConnectionLost } from '@annal/platform';
import { STATUS_CODES } from 'node:http';
import { ERROR_CODES, type ErrorName } from '../errors/error-codes.js';
import { BareStatus, type ErrorHeaders, HttpError, OrthancError } from '../errors/http-errors.js';

/** What Orthanc calls a status otherwise than Node does. */
const STATUS_TEXTS: Readonly<Record<number, string>> = { 416: 'Requested Range Not Satisfiable' };

/** An error as it is answered; without a body where Orthanc has none. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: ErrorHeaders;
  readonly body?: ErrorBody;
}

/** What the body of an error says. */
export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly details?: string;
}

/** The one mapping from errors to answers. What is not meant for clients becomes a plain internal error. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof BareStatus) return { status: error.status, headers: error.headers };
  if (error instanceof OrthancError) {
    return {
      status: error.status,
      headers: error.headers,
      body: { code: error.code, message: error.message, details: error.details },
    };
  }
  if (error instanceof HttpError) return { status: error.status, headers: error.headers };
  if (error instanceof AppendUnknown) {
    return coded('DatabaseUnavailable', 503, 'The request may have taken effect: repeat it to find out', RETRY);
  }
  if (error instanceof NotYetVisible) {
    const body = { code: 0, message: 'Success', details: 'The request is durable, but not visible yet' };
    return { status: 202, headers: {}, body };
  }
  if (error instanceof AppendRefused) {
    return coded('DatabaseUnavailable', 503, 'Nothing was changed: repeat the request later', RETRY);
  }
  if (error instanceof EventTooLarge) {
    return coded('BadRequest', 413, 'Nothing was changed: the event log takes nothing of this size at once');
  }
  if (error instanceof BlobStoreUnavailable) {
    return coded(
      'DatabaseUnavailable',
      503,
      'The storage of DICOM files does not answer: repeat the request later',
      RETRY,
    );
  }
  if (error instanceof BlobUnreadable) return coded('CorruptedFile', 500, 'The file cannot be decrypted');
  if (isConnectionLost(error)) return coded('DatabaseUnavailable', 503, undefined, RETRY);
  if (isDiskFull(error)) return coded('FullStorage', 507);
  if (codeOf(error) === CHARACTER_NOT_IN_REPERTOIRE) return coded('BadRequest', 400, 'A text has a NUL');
  const status = frameworkStatus(error);
  return status === undefined ? coded('InternalError', 500) : { status, headers: {} };
}

/** SQLSTATE of a parameter that PostgreSQL cannot hold. */
const CHARACTER_NOT_IN_REPERTOIRE = '22021';
const RETRY: ErrorHeaders = { 'Retry-After': '5' };

function coded(name: ErrorName, status: number, details?: string, headers: ErrorHeaders = {}): ErrorAnswer {
  const [code, message] = ERROR_CODES[name];
  return { status, headers, body: { code, message, details } };
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** Whether the file system has no room, or no more for this user. */
function isDiskFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** The status of an error by which the HTTP framework refuses a request (4xx). */
function frameworkStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { statusCode, status } = error as { statusCode?: unknown; status?: unknown };
  const code = statusCode ?? status;
  return typeof code === 'number' && code >= 400 && code < 500 ? code : undefined;
}

/**
 * The body as Orthanc writes it: keys in alphabetical order, indented by tabs.
 * @param uri the path of the request without its query
 */
export function renderErrorBody(
  { code, message, details }: ErrorBody,
  status: number,
  method: string,
  uri: string,
): string {
  const fields: [string, string | number][] = [
    ['HttpError', STATUS_TEXTS[status] ?? STATUS_CODES[status] ?? 'Error'],
    ['HttpStatus', status],
    ['Message', message],
    ['Method', method],
    ['OrthancError', message],
    ['OrthancStatus', code],
    ['Uri', uri],
  ];
  if (details !== undefined && details !== '') fields.unshift(['Details', details]);
  return `{\n${fields.map(([key, value]) => `\t"${key}" : ${JSON.stringify(value)}`).join(',\n')}\n}\n`;
}
