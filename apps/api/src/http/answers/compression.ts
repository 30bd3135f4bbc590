import type { FastifyInstance, FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createDeflate, createGzip, deflate, gzip } from 'node:zlib';
import { acceptedCodings } from './accept-encoding.js';

const gzipped = promisify(gzip);
const deflated = promisify(deflate);

/** Shorter answers stay as they are, bytes. */
const WORTHWHILE = 1024;
const TEXT = /^(?:text\/|application\/(?:json|xml|javascript|dicom\+json|dicom\+xml)|image\/svg)/;

/** Compresses texts for clients that accept gzip or deflate; what is compressed already (images, ZIP) stays. */
export function compressAnswers(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply, payload: unknown) => {
    const encoding = acceptedEncoding(request.headers['accept-encoding']);
    if (encoding === undefined || !isCompressible(reply)) return payload;
    if (payload instanceof Readable) {
      announce(reply, encoding);
      const compressor = encoding === 'gzip' ? createGzip() : createDeflate();
      payload.once('error', (error) => compressor.destroy(error));
      compressor.once('close', () => payload.destroy());
      return payload.pipe(compressor);
    }
    if ((typeof payload !== 'string' && !Buffer.isBuffer(payload)) || payload.length < WORTHWHILE) return payload;
    announce(reply, encoding);
    return encoding === 'gzip' ? gzipped(payload) : deflated(payload);
  });
}

/** gzip before deflate, unless it is refused by `q=0`. */
export function acceptedEncoding(header: string | undefined): 'gzip' | 'deflate' | undefined {
  const accepted = acceptedCodings(header);
  return accepted.has('gzip') ? 'gzip' : accepted.has('deflate') ? 'deflate' : undefined;
}

/** Whether an answer is compressed where clients accept that: a text that is not compressed already. */
export function isCompressible(reply: FastifyReply): boolean {
  const type = reply.getHeader('content-type');
  return (
    typeof type === 'string' && TEXT.test(type) && !reply.hasHeader('content-encoding') && reply.statusCode !== 206
  );
}

function announce(reply: FastifyReply, encoding: string): void {
  const vary = [reply.raw.getHeader('vary'), 'Accept-Encoding'].filter((name) => name !== undefined).join(', ');
  reply.header('Content-Encoding', encoding).header('Vary', vary).removeHeader('Content-Length');
}
