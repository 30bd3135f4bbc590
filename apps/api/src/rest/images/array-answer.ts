import type { FastifyReply } from 'fastify';
import { sendBody } from '../../http/answers/send-body.js';
import { isHead } from '../../http/head-requests.js';
import { isOn, type Query } from '../resources/list-request.js';
import type { ArrayZipper } from './array-zipper.js';
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
  zipper: ArrayZipper,
  make: (rescaled: boolean) => Promise<ArrayFile>,
): Promise<void> {
  const compressed = isOn(query, 'compress');
  const rescaled = isOn(query, 'rescale', true);
  const array = await explainingPixelErrors(() => make(rescaled));
  reply.type('application/octet-stream');
  if (!compressed) reply.header('Content-Length', array.size);
  // HEAD ends what makes the array, compressed or not
  await sendBody(reply, compressed && !isHead(reply.request.raw) ? zipper.zipped(array) : array.chunks);
}
