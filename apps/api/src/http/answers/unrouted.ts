import type { FastifyReply, FastifyRequest } from 'fastify';
import { BareStatus, notFound, OrthancError } from '../errors/http-errors.js';
import { isHead } from '../head-requests.js';
import type { KnownPath, RouteTree } from '../route-tree.js';

/**
 * What a request gets that no route takes: the names below a path that only leads on, 405 with the methods of a path
 * that has others, 404. @throws HttpError
 */
export function answerUnrouted(routes: RouteTree, request: FastifyRequest, reply: FastifyReply): readonly string[] {
  const path = request.url.split('?', 1)[0]!;
  const known = routes.find(path);
  if (!known) throw isExplained(request, path) ? new OrthancError('UnknownResource') : notFound();
  const methods = known.methods.length > 0 ? known.methods : ['GET'];
  if (request.method === 'OPTIONS') throw new BareStatus(204, { Allow: [...methods, 'OPTIONS'].join(',') });
  if (request.method === 'GET' && known.methods.length === 0) {
    if (!leadsOn(known, path)) throw notFound();
    return known.children;
  }
  reply.header('Allow', methods.join(','));
  throw new BareStatus(405);
}

/** Whether a path has no methods of its own, and its children are listed. */
export function leadsOn({ methods }: KnownPath, path: string): boolean {
  return methods.length === 0 && path !== '/app';
}

/** Files of the web interface are no resources of the REST API; an answer to HEAD or OPTIONS has no body anyway. */
function isExplained(request: FastifyRequest, path: string): boolean {
  return request.method !== 'OPTIONS' && !isHead(request.raw) && path !== '/app' && !path.startsWith('/app/');
}
