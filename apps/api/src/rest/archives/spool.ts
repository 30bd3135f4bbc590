import type { Readable } from 'node:stream';
import type { BlobStore } from '@annal/domain';

/**
 * Keeps bytes where the files are kept, as these are, until they have been read once. What a crash leaves there is swept
 * away as what belongs to nothing.
 * @throws what the bytes end with, having kept nothing
 */
export async function spool(
  chunks: AsyncIterable<Buffer>,
  blobs: BlobStore,
): Promise<{ readonly stream: Readable; readonly size: number }> {
  const key = blobs.newKey();
  const writer = await blobs.create(key);
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      await writer.write([chunk]);
    }
    await writer.commit();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const stream = await blobs.stream(key);
  // best effort: the sweeper comes after it
  stream.once('close', () => void blobs.remove(key).catch(() => undefined));
  return { stream, size };
}
