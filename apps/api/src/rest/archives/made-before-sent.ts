import type { Readable } from 'node:stream';
import type { BlobStore } from '@annal/domain';
import { Spool } from '../../pixels/spool.js';

/**
 * Bytes that are all made before the first of them is sent.
 * @throws what they end with, having kept nothing
 */
export async function madeBeforeSent(
  chunks: AsyncIterable<Buffer>,
  blobs: BlobStore,
): Promise<{ readonly stream: Readable; readonly size: number }> {
  const spool = new Spool(blobs);
  try {
    for await (const chunk of chunks) await spool.add(chunk);
    return { stream: await spool.read(), size: spool.size };
  } catch (error) {
    await spool.discard();
    throw error;
  }
}
