import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';
import { OrthancError } from '../../http/errors/http-errors.js';
import { isOn, type Query } from '../resources/list-request.js';
import type { ArrayFile } from './arrays.service.js';
import { explainingPixelErrors } from './pixel-errors.js';

/**
 * Answers with an array, as `rescale` and `compress` say.
 * @param make the array; `rescaled`: whether grey values become physical ones
 * @throws OrthancError
 */
export async function arrayAnswer(
  query: Query,
  reply: FastifyReply,
  make: (rescaled: boolean) => Promise<ArrayFile>,
): Promise<Readable> {
  const compressed = isOn(query, 'compress');
  const rescaled = isOn(query, 'rescale', true);
  if (compressed) throw new OrthancError('NotImplemented', 'Compressed arrays');
  const { size, stream } = await explainingPixelErrors(() => make(rescaled));
  reply.type('application/octet-stream').header('Content-Length', size);
  return stream;
}
