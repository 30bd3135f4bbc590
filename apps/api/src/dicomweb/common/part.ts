import { MultipartRelated } from '@annal/dicomweb';
import { type SentBytes } from '../../http/answers/sent-bytes.js';

/** A part of an answer: its headers, and its bytes at once or as they come. */
export interface Part extends SentBytes {
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers are sent together with bytes up to so many. */
const SMALL = 64 * 1024;

/** The headers around the bytes of a part, as the plugin of Orthanc writes them. */
function partHead(frame: MultipartRelated, { headers, size }: Pick<Part, 'headers' | 'size'>): Buffer {
  return frame.head({ ...headers, 'Content-Length': size, 'MIME-Version': '1.0' });
}

/** Bytes of a multipart answer with parts of known sizes. @param type the media type of the first part */
export function multipartSize(type: string, parts: Iterable<Pick<Part, 'headers' | 'size'>>): number {
  // the boundary of each has the same length
  const frame = new MultipartRelated(type);
  let total = 0;
  for (const part of parts) total += partHead(frame, part).length + part.size;
  return total + frame.end().length;
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
