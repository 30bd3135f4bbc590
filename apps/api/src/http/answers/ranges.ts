import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { OrthancError } from '../errors/http-errors.js';
import { isHead } from '../head-requests.js';

/** A file of which parts can be asked for. */
export interface RangedFile {
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  /** The bytes from `start` to `end` (exclusive). */
  open(start: number, end: number): Promise<Readable>;
}

/**
 * Answers a file, or the part of it that `Range` asks for (206; 416 where the file has no such part). Several ranges
 * in one request, and what is no range of bytes, get the whole file (RFC 9110 section 14.2).
 */
export async function sendRanged(request: FastifyRequest, reply: FastifyReply, file: RangedFile): Promise<void> {
  const part = byteRange(request.headers.range, file.size);
  reply.header('Accept-Ranges', 'bytes');
  const { start, end } = part ?? { start: 0, end: file.size };
  const stream = isHead(request.raw) ? Readable.from([]) : await file.open(start, end);
  if (part) reply.code(206).header('Content-Range', `bytes ${start}-${end - 1}/${file.size}`);
  reply.type(file.type).header('Content-Length', end - start);
  await reply.send(stream);
}

/** @returns undefined for the whole. @throws OrthancError 416 */
export function byteRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [first, last] = [match[1]!, match[2]!];
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= end) {
    throw new OrthancError('BadRange', undefined, 416, { 'Content-Range': `bytes */${size}` });
  }
  return { start, end };
}
