import { acceptOf } from '@annal/dicomweb';
import type { FastifyRequest } from 'fastify';
import type { Query } from '../../rest/resources/list-request.js';

/** What a request accepts: its query parameter `accept`, else its header. */
export function acceptIn({ headers, query }: FastifyRequest): string | undefined {
  return acceptOf(headers.accept, (query as Query).accept);
}
