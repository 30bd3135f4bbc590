import { OrthancError } from '../errors/http-errors.js';

/** The bytes of a file, which are as many as they should be. @throws OrthancError 500 when they are not */
export async function* complete(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer, void> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    if (seen > size) break;
    yield chunk;
  }
  if (seen !== size) throw new OrthancError('CorruptedFile');
}
