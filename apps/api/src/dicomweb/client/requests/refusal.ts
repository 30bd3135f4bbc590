import { OrthancError } from '../../../http/errors/http-errors.js';
import type { ErrorName } from '../../../http/errors/error-codes.js';
import { protocolError } from '../../../remotes/remote-failure.js';

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
  return protocolError(answered(status, server));
}

/** The error of a job that got only a part of what it asked for. */
export function partialAnswer(server: string): OrthancError {
  return protocolError(`The DICOMweb server "${server}" gave only a part of what it has (HTTP status 206)`);
}

function answered(status: number, server: string): string {
  return `The DICOMweb server "${server}" answered with HTTP status ${status}`;
}
