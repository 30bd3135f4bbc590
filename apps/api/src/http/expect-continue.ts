import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Has `100 Continue` sent when the body is first read, no sooner: a request that is refused by its header alone
 * (RFC 9110 section 10.1.1) never has to send its body.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read.bind(request);
  request._read = (size) => {
    request._read = read;
    if (!response.headersSent) response.writeContinue();
    read(size);
  };
}
