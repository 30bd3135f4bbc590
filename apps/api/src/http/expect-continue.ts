import type { IncomingMessage, ServerResponse } from 'node:http';

const UNREAD = new WeakSet<IncomingMessage>();

/**
 * Has `100 Continue` sent when the body is first read, no sooner: a request that is refused by its header alone
 * (RFC 9110 section 10.1.1) never has to send its body.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read.bind(request);
  UNREAD.add(request);
  request._read = (size) => {
    request._read = read;
    UNREAD.delete(request);
    if (!response.headersSent) response.writeContinue();
    read(size);
  };
}

/** Whether the other side waits to be told that its body is wanted. */
export function awaitsContinue(request: IncomingMessage): boolean {
  return UNREAD.has(request);
}
