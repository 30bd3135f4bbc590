import type { FastifyReply } from 'fastify';
import { BareStatus } from '../errors/http-errors.js';

/** What web servers log where a client closed its request. */
const CLIENT_CLOSED_REQUEST = 499;

/** What ends the work for a client that has hung up: nobody sees it. */
export function clientClosedRequest(): BareStatus {
  return new BareStatus(CLIENT_CLOSED_REQUEST);
}

/** Aborted, with an error for nobody to see, when the client hangs up or has its whole answer. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const abort = (): void => gone.abort(clientClosedRequest());
  if (raw.destroyed) abort();
  else raw.once('close', abort);
  return gone.signal;
}
