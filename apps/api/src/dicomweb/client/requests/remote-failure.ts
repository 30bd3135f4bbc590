import { OutgoingError } from '@annal/platform';
import { OrthancError } from '../../../http/errors/http-errors.js';
import type { ErrorName } from '../../../http/errors/error-codes.js';

const ERRORS: ReadonlyMap<number, ErrorName> = new Map([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Unauthorized'],
  [404, 'UnknownResource'],
]);

/** The error of a request whose answer at another server was this status, which is no success; as Orthanc has it. */
export function refusal(status: number, server: string): OrthancError {
  return new OrthancError(ERRORS.get(status) ?? 'NetworkProtocol', answered(status, server));
}

/** The same of a job, for which everything that another server refuses is a failure of the network. */
export function jobRefusal(status: number, server: string): OrthancError {
  return new OrthancError('NetworkProtocol', answered(status, server));
}

/** 500: what another server did is not what the protocol says. */
export function protocolError(details: string): OrthancError {
  return new OrthancError('NetworkProtocol', details);
}

/** An error of talking to another server as Orthanc answers it; others stay as they are. */
export function asRemoteError(error: unknown): unknown {
  if (!(error instanceof OutgoingError)) return error;
  return protocolError(error.message);
}

/** Whether a status is a success. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function answered(status: number, server: string): string {
  return `The DICOMweb server "${server}" answered with HTTP status ${status}`;
}
