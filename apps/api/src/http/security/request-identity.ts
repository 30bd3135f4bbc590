import type { Actor, EventContext } from '@annal/domain';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

const USER = Symbol('user');
type Identified = IncomingMessage & { [USER]?: string };

/** Notes who sent a request, once it is known. */
export function setUser(request: IncomingMessage, user: string): void {
  (request as Identified)[USER] = user;
}

/** Who sent a request, for the events it causes. */
export function actorOf(request: FastifyRequest, protocol: 'http' | 'dicomweb' = 'http'): Actor {
  const user = (request.raw as Identified)[USER];
  const remoteAddress = request.raw.socket.remoteAddress;
  return {
    protocol,
    ...(user === undefined ? {} : { user }),
    ...(remoteAddress === undefined ? {} : { remoteAddress: remoteAddress.replace(/^::ffff:/, '') }),
  };
}

/**
 * What events need to know of the request that causes them.
 * @param source the server's name
 */
export function eventContextOf(
  request: FastifyRequest,
  source: string,
  protocol: 'http' | 'dicomweb' = 'http',
): EventContext {
  return { source, actor: actorOf(request, protocol), correlationId: correlationIdOf(request), now: new Date() };
}

const SANE = /^[A-Za-z0-9._:@/+=-]{1,128}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The caller's X-Correlation-Id, the trace of its traceparent (W3C Trace Context), or a new UUID. */
export function correlationIdOf(request: FastifyRequest): string {
  const { 'x-correlation-id': own, traceparent } = request.headers;
  if (typeof own === 'string' && SANE.test(own)) return own;
  return (typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent)?.[1] : undefined) ?? uuidv7();
}
