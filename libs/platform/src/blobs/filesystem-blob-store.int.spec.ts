import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { describeBlobStoreContract } from '../../../../test/support/blob-store-contract.js';
import { FilesystemBlobStore } from './filesystem-blob-store.js';

describeBlobStoreContract('FilesystemBlobStore', () => open(true));
describeBlobStoreContract('FilesystemBlobStore without sync', () => open(false));

async function open(sync: boolean): Promise<{ blobs: FilesystemBlobStore; root: string; close: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'annal-blobs-'));
  return { root, blobs: new FilesystemBlobStore(root, sync), close: () => rm(root, { recursive: true }) };
}

describe('FilesystemBlobStore', () => {
  it('lets nobody else read the files', async () => {
    const { blobs, root, close } = await open(true);
    const key = uuidv7();
    await blobs.put(key, [Buffer.from('x')]);
    const folder = join(root, key.slice(0, 6));
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect((await stat(join(folder, key.slice(6, 8), key))).mode & 0o077).toBe(0);
    await close();
  });

  it('leaves nothing of a blob that cannot be written, and works again when it can', async () => {
    const { blobs, root, close } = await open(true);
    const key = uuidv7();
    await writeFile(join(root, key.slice(0, 6)), 'in the way');
    await expect(blobs.put(key, [Buffer.from('x')])).rejects.toThrow();
    await rm(join(root, key.slice(0, 6)));
    expect(await readdir(root)).toEqual([]);
    await blobs.put(key, [Buffer.from('x')]);
    expect(await blobs.read(key)).toEqual(Buffer.from('x'));
    await close();
  });
});
