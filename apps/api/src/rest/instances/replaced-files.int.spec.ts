import { BlobReaper } from '@annal/projections';
import { openPool } from '@annal/platform';
import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';
import { InstanceFileService } from './instance-file.service.js';

const UID = '1.2.3.4';
const fileOf = (description: string): Buffer =>
  buildInstance({ sopUid: UID, extra: [[0x0008103e, 'LO', description]] });

describe('a file that is read piece by piece', () => {
  let writing: WritingApp;
  let files: InstanceFileService;
  let id: string;

  beforeEach(async () => {
    writing = await startWritingApp({ OverwriteInstances: true });
    files = writing.get(InstanceFileService);
    id = await store('first');
  });
  afterEach(() => writing.close());

  const store = async (description: string): Promise<string> => {
    const { json } = await writing.send('POST', '/instances', fileOf(description) as never);
    return (json as { ID: string }).ID;
  };
  const reap = async (): Promise<void> => {
    const pool = openPool(writing.database, 'test', 1);
    try {
      const reaper = new BlobReaper(pool, writing.blobs, 0, async () => undefined);
      while ((await reaper.run()) > 0);
    } finally {
      await pool.end();
    }
  };

  it('goes on where it was stored in another way meanwhile', async () => {
    const file = await files.find(id);
    const { status } = await writing.send('POST', `/instances/${id}/attachments/dicom/compress`, '');
    expect(status).toBe(200);
    await reap();
    expect(await files.read(file, 100, 200)).toEqual(fileOf('first').subarray(100, 200));
  });

  it.each([
    ['overwritten', () => store('other')],
    ['deleted and stored again', async () => (await writing.send('DELETE', `/instances/${id}`), store('other'))],
  ])('does not go on in the one that took its place where it was %s', async (_, replace) => {
    const file = await files.find(id);
    expect(await replace()).toBe(id);
    expect(await files.read(file, 100, 200)).toEqual(fileOf('first').subarray(100, 200));
    await reap();
    await expect(files.read(file, 100, 200)).rejects.toMatchObject({ status: 404 });
    await expect(files.open(file)).rejects.toMatchObject({ status: 404 });
    const now = await files.find(id);
    expect(await files.read(now, 0, now.size)).toEqual(fileOf('other'));
  });
});
