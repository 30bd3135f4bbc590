import type { BlobStore } from '@annal/domain';
import { receiveFile } from './receive-file.js';

describe('a small file', () => {
  it('costs the blob store nothing before it is kept', async () => {
    const done: string[] = [];
    const blobs = {
      newKey: () => `key ${done.push('new key')}`,
      put: async (key: string) => void done.push(`put ${key}`),
      remove: async (key: string) => void done.push(`remove ${key}`),
    } as unknown as BlobStore;
    async function* body(): AsyncGenerator<Buffer, void> {
      yield Buffer.from('no DICOM');
    }
    for (const compress of [false, true]) {
      const { file } = await receiveFile(body(), { blobs, compress, md5: undefined });
      await file.discard();
      expect(done).toEqual([]);
    }
    const { file } = await receiveFile(body(), { blobs, compress: false, md5: undefined });
    expect([file.blob.key, file.blob.key, file.blob.size]).toEqual(['key 1', 'key 1', 8]);
    await file.save();
    await file.discard();
    expect(done).toEqual(['new key', 'put key 1', 'remove key 1']);
  });
});
