import { MultipartRelated } from '@annal/dicomweb';
import type { SentBytes } from '../../../http/answers/sent-bytes.js';
import { freedOnceSent } from '../../../load/freed-once-sent.js';
import { readAhead } from '../../../zip/read-ahead.js';

/** A file to be sent, and how its bytes are had. */
export interface SentFile {
  /** Bytes. */
  readonly size: number;
  /** Its bytes as they are sent; a larger one is opened once somebody reads them. */
  read(): Promise<SentBytes>;
}

/** The body of a request of STOW-RS (PS3.18 section 10.5.1). */
export interface StowBody {
  readonly contentType: string;
  /** Bytes. */
  readonly length: number;
  readonly stream: AsyncIterable<Buffer>;
}

/** So many files are read before their turn. */
const AHEAD = 2;

/** These files as the parts of one body; its stream fails with what reading a file fails with. */
export function stowBody(files: readonly SentFile[]): StowBody {
  const frame = new MultipartRelated('application/dicom');
  const heads = files.map(({ size }) => frame.head({ 'Content-Type': 'application/dicom', 'Content-Length': size }));
  const end = frame.end();
  const length = files.reduce((sum, { size }, index) => sum + heads[index]!.length + size, end.length);
  return { contentType: frame.contentType, length, stream: partsOf(files, heads, end) };
}

async function* partsOf(
  files: readonly SentFile[],
  heads: readonly Buffer[],
  end: Buffer,
): AsyncGenerator<Buffer, void> {
  let index = 0;
  for await (const { bytes } of readAhead(contentOf(files), (waiting) => waiting.length < AHEAD)) {
    yield heads[index++]!;
    yield* Buffer.isBuffer(bytes) ? freedOnceSent(bytes) : bytes;
  }
  yield end;
}

async function* contentOf(files: readonly SentFile[]): AsyncGenerator<SentBytes, void> {
  for (const file of files) yield await file.read();
}
