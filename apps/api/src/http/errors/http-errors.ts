import { STATUS_CODES } from 'node:http';
import { ERROR_CODES, type ErrorName } from './error-codes.js';

/** Further headers of an error's answer. */
export type ErrorHeaders = Readonly<Record<string, string>>;

/** Every error that a controller may throw as an HTTP answer. */
export abstract class HttpError extends Error {
  abstract readonly status: number;
  readonly headers: ErrorHeaders = {};
}

/** What Orthanc explains in a JSON body: one of its error codes, with details where there is something to say. */
export class OrthancError extends HttpError {
  override readonly name = 'OrthancError';
  readonly status: number;
  readonly code: number;

  /**
   * @param details shown to the client: no paths, no SQL, nothing of other patients
   * @param status where a route answers another one than the code's own
   */
  constructor(
    error: ErrorName,
    readonly details?: string,
    status?: number,
    override readonly headers: ErrorHeaders = {},
  ) {
    super(ERROR_CODES[error][1]);
    this.code = ERROR_CODES[error][0];
    this.status = status ?? ERROR_CODES[error][2];
  }
}

/** A status without a body, as Orthanc answers for an identifier that it does not have, among others. */
export class BareStatus extends HttpError {
  override readonly name = 'BareStatus';

  constructor(
    readonly status: number,
    override readonly headers: ErrorHeaders = {},
  ) {
    super(STATUS_CODES[status] ?? 'Error');
  }
}

/** 404 without a body: the route is there, the resource it names is not. */
export function notFound(): BareStatus {
  return new BareStatus(404);
}

/** 413: something the client sent is beyond a limit. @param limit what and how much, e.g. `a JSON body of 64 MB` */
export function tooLarge(limit: string): OrthancError {
  return new OrthancError('BadRequest', `The request is larger than the limit: ${limit}`, 413, { Connection: 'close' });
}
