import { OrthancError } from '../../http/errors/http-errors.js';

/** Bytes from `start` to `end` (exclusive). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The range of bytes that a request for an attachment asks for, in Orthanc's reading: `bytes=-5` is the first six bytes,
 * what is no number counts as not given, and a range that is not there as a whole is refused.
 * @returns undefined without a header. @throws OrthancError 416
 */
export function attachmentRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  const bounds = header.startsWith('bytes=') ? header.slice('bytes='.length).split('-') : [];
  const [first, last] = bounds.map((text) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined));
  const start = first ?? 0;
  const end = last === undefined ? size : last + 1;
  if (bounds.length === 2 && start < end && end <= size) return { start, end };
  throw new OrthancError('BadRange', undefined, 416, { 'Content-Range': `bytes */${size}` });
}
