import type { IncomingMessage } from 'node:http';

const HEADS = new WeakSet<IncomingMessage>();

/** Notes that a request was a HEAD before it was routed as GET. */
export function noteHead(request: IncomingMessage): void {
  HEADS.add(request);
}

/** Whether nobody gets the body of the answer, so that it need not be read. */
export function isHead(request: IncomingMessage): boolean {
  return HEADS.has(request);
}
