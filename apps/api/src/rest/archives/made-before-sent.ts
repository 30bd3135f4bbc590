import type { Readable } from 'node:stream';
import type { BlobStore } from '@annal/domain';
import { Spool } from '../../pixels/spool.js';

/**
 * Bytes that are all made before the first of them is sent.
 * @param gone aborted when nobody waits for them any more
 * @throws what they end with, or the reason of the signal, having kept nothing
 */
export async function madeBeforeSent(
  chunks: AsyncIterable<Buffer>,
  blobs: BlobStore,
  gone: AbortSignal,
): Promise<{ readonly stream: Readable; readonly size: number }> {
  const spool = new Spool(blobs);
  try {
    for await (const chunk of chunks) {
      gone.throwIfAborted();
      await spool.add(chunk);
    }
    gone.throwIfAborted();
    return { stream: await spool.read(), size: spool.size };
  } catch (error) {
    await spool.discard();
    throw error;
  }
}
