import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { awaitsContinue } from './expect-continue.js';

const CURRENT = Symbol('current');
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}
type Busy = Socket & { [CURRENT]?: Exchange };

/** Notes what a connection is used for at the moment. */
export function noteExchange(request: IncomingMessage, response: ServerResponse): void {
  (request.socket as Busy)[CURRENT] = { request, response };
}

/**
 * Closes connections on which nothing moves because of the other side: a request that does not come in, an answer that
 * is not taken, nothing after an answer. A request that is being worked on may take its time, and one that came while the
 * process was busy counts: timers are looked at before what arrived meanwhile (libuv's event loop), and a browser gives up what
 * loses its connection several times.
 * @param time ms; 0: for ever
 */
export function closeStalledConnections(server: Server, time: number): void {
  server.setTimeout(time, (socket: Busy) => {
    const read = socket.bytesRead;
    // by then what had arrived is read
    setImmediate(() => {
      if (socket.bytesRead !== read) return;
      if (socket.writableLength === 0 && isWorkedOn(socket[CURRENT])) socket.setTimeout(time);
      else socket.destroy();
    });
  });
}

function isWorkedOn(exchange: Exchange | undefined): boolean {
  if (!exchange || exchange.response.writableFinished) return false;
  const { request } = exchange;
  // what has arrived and is not read yet waits for this side, and so does who may not send yet
  return request.complete || request.readableLength > 0 || awaitsContinue(request);
}
