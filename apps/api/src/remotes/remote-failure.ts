import { OutgoingError } from '@annal/platform';
import { OrthancError } from '../http/errors/http-errors.js';

/** 500: what another server did is not what the protocol says. */
export function protocolError(details: string): OrthancError {
  return new OrthancError('NetworkProtocol', details);
}

/** What talking to another server failed with, as Orthanc has it: 500; other errors stay as they are. */
export function asRemoteError(error: unknown): unknown {
  return error instanceof OutgoingError ? protocolError(error.message) : error;
}

/** Whether a status of another server's answer is a success. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
