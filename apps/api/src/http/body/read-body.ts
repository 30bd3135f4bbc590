import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { types } from 'node:util';
import { createGunzip, createInflate } from 'node:zlib';
import { OrthancError, tooLarge } from '../errors/http-errors.js';
import { RequestBody } from './request-body.js';

/** Ceilings of a request's body. */
export interface BodyLimits {
  /** Bytes as they arrive. */
  readonly received: number;
  /** Bytes once inflated, where there is a `Content-Encoding`. */
  readonly inflated: number;
  /** Inflated to received bytes, looked at beyond 16 MiB inflated. */
  readonly ratio: number;
}

const RATIO_FROM = 16 * 1024 * 1024;

/**
 * The body of a request as it comes in, inflated where `Content-Encoding` says gzip or deflate; ends with an error
 * (413, 400, 415) as soon as a limit is passed or the encoding is wrong. Reading it is what makes the client send.
 */
export function bodyChunks(request: FastifyRequest, limits: BodyLimits): AsyncIterable<Buffer> {
  const check = (received: number): void => {
    if (received > limits.received) throw tooLarge(`${limits.received} bytes`);
  };
  check(Number(request.headers['content-length'] ?? 0));
  const inflate = inflater(request);
  return inflate ? inflatedChunks(request.raw, inflate, limits, check) : new RequestBody(request.raw, check);
}

/** How many bytes a request's body has, where its sender says so: not of one that is sent compressed. */
export function announcedSize(request: FastifyRequest): number | undefined {
  const length = request.headers['content-length'];
  return length !== undefined && isPlain(encodingOf(request)) ? Number(length) : undefined;
}

async function* inflatedChunks(
  request: Readable,
  inflate: ReturnType<typeof createGunzip>,
  limits: BodyLimits,
  check: (received: number) => void,
): AsyncGenerator<Buffer, void> {
  let received = 0;
  let inflated = 0;
  const body = new RequestBody(request, (bytes) => check((received = bytes)));
  const feed = pump(body, inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      inflated += chunk.length;
      if (inflated > limits.inflated) throw tooLarge(`${limits.inflated} bytes inflated`);
      if (inflated > RATIO_FROM && inflated > received * limits.ratio)
        throw tooLarge(`inflating ${limits.ratio} times`);
      yield chunk;
    }
    await feed;
  } catch (error) {
    throw isZlibError(error) ? new OrthancError('BadFileFormat', 'The compressed body is damaged') : error;
  } finally {
    inflate.destroy();
  }
}

/** The whole body in one buffer. @param limit bytes, received and inflated */
export async function readBody(request: FastifyRequest, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const limits = { received: limit, inflated: limit, ratio: Infinity };
  for await (const chunk of bodyChunks(request, limits)) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** A short body as text, e.g. the value of a setting. @param limit bytes */
export async function readText(request: FastifyRequest, limit = 64 * 1024): Promise<string> {
  return (await readBody(request, limit)).toString('utf8');
}

async function pump(from: RequestBody, to: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of from) {
      if (to.destroyed) return;
      if (!to.write(chunk)) await drained(to);
    }
    to.end();
  } catch (error) {
    to.destroy(error as Error);
  }
}

function drained(stream: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.once('drain', done).once('close', done);
  });
}

function inflater(request: FastifyRequest): ReturnType<typeof createGunzip> | undefined {
  const encoding = encodingOf(request);
  if (isPlain(encoding)) return undefined;
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  throw new OrthancError('UnsupportedMediaType', 'Content-Encoding can be gzip or deflate');
}

function isZlibError(error: unknown): boolean {
  return types.isNativeError(error) && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

function encodingOf(request: FastifyRequest): string {
  return request.headers['content-encoding']?.trim().toLowerCase() ?? '';
}

function isPlain(encoding: string): boolean {
  return encoding === '' || encoding === 'identity';
}
