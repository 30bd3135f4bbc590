import { type MultipartRelated } from '@annal/dicomweb';
import { Readable } from 'node:stream';

/** A part of an answer: its headers, and its bytes at once or as they come. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly size: number;
  readonly bytes: Buffer | AsyncIterable<Buffer>;
}

/** Headers are sent together with bytes up to so many. */
const SMALL = 64 * 1024;

/** The headers around the bytes of a part, as the plugin of Orthanc writes them. */
export function partHead(frame: MultipartRelated, { headers, size }: Pick<Part, 'headers' | 'size'>): Buffer {
  return frame.head({ ...headers, 'Content-Length': size, 'MIME-Version': '1.0' });
}

/** The bytes of a multipart answer, part by part as they are taken. */
export async function* multipartBytes(
  frame: MultipartRelated,
  parts: AsyncIterable<Part>,
): AsyncGenerator<Buffer, void> {
  for await (const part of parts) {
    const head = partHead(frame, part);
    if (!Buffer.isBuffer(part.bytes)) {
      yield head;
      yield* part.bytes;
    } else if (part.bytes.length <= SMALL) yield Buffer.concat([head, part.bytes]);
    else {
      yield head;
      yield part.bytes;
    }
  }
  yield frame.end();
}

/** So much of a stream may wait for its client, bytes. */
const SENT_AHEAD = 1024 * 1024;

/** Bytes whose beginning is there already: what fails until then can be answered as an error. */
export async function begun(chunks: AsyncGenerator<Buffer, void>): Promise<AsyncGenerator<Buffer, void>> {
  return following(await chunks.next(), chunks);
}

/** As `begun`, as a stream. Who hangs up stops the work. */
export async function begunStream(chunks: AsyncGenerator<Buffer, void>): Promise<Readable> {
  const stream = Readable.from(await begun(chunks), { objectMode: false, highWaterMark: SENT_AHEAD });
  // also of a stream that nobody has begun to read
  stream.once('close', () => void chunks.return().catch(() => undefined));
  return stream;
}

async function* following(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  try {
    if (!first.done) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
