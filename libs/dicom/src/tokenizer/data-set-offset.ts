import { ByteSource } from './byte-source.js';
import { DicomFormatError } from './errors.js';
import { readFileMeta } from './file-meta.js';
import { DEFAULT_LIMITS } from './limits.js';

/**
 * Where the data set of a file starts: behind the meta information (PS3.10 section 7.1).
 *
 * @param read gives the first bytes of the file
 * @param size of the file, bytes
 * @param guess how many bytes to begin with
 * @throws DicomFormatError when there is no meta information that can be read
 */
export async function dataSetOffset(
  read: (size: number) => Promise<Buffer>,
  size: number,
  guess: number,
): Promise<number> {
  for (let wanted = guess; ;) {
    const head = await read(Math.min(size, wanted));
    try {
      return readFileMeta(new ByteSource(head, size, DEFAULT_LIMITS)).start;
    } catch (error) {
      const needed = error instanceof DicomFormatError ? error.needed : undefined;
      if (needed === undefined || needed <= head.length || head.length >= size) throw error;
      wanted = Math.max(needed, wanted * 2);
    }
  }
}
