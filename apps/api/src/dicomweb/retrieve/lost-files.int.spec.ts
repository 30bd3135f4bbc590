import { MemoryBlobs } from '../../rest/archives/testing/memory-blobs.js';
import { storeNumbered } from '../../rest/archives/testing/store-numbered.js';
import { type ReadingApp, startReadingApp } from '../../rest/testing/reading-app.js';

const SIZE = 1024 * 1024;

/** Blobs that count how often they are read. */
class CountedBlobs extends MemoryBlobs {
  reads = 0;

  override read(key: string, start?: number, end?: number): Promise<Buffer> {
    this.reads++;
    return super.read(key, start, end);
  }
}

describe('files that are lost while they are sent', () => {
  let reading: ReadingApp;
  const blobs = new CountedBlobs(SIZE);
  const keys: string[] = [];
  beforeAll(async () => {
    reading = await startReadingApp({}, blobs as never);
    for (let number = 1; number <= 16; number++) {
      const sample = { patient: 'P', study: '1', series: number > 14 ? '3' : '2', instance: `1.${number}`, size: SIZE };
      keys.push((await storeNumbered(reading, sample, String(number))).blobKey);
    }
  });
  afterAll(() => reading.close());
  afterEach(() => {
    blobs.lost.clear();
    blobs.kept.clear();
  });

  const get = (path: string, signal?: AbortSignal): Promise<Response> => {
    const headers = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
    return fetch(`${reading.app.url}/dicom-web/studies/${path}`, { headers, ...(signal && { signal }) });
  };

  it('are not found where they are the first', async () => {
    blobs.lost.add(keys[0]!);
    const { status } = await get('1/series/2');
    expect(status).toBe(404);
  });

  it.each([
    ['gone', () => blobs.lost.add(keys[12]!)],
    ['shorter than they were', () => blobs.kept.set(keys[12]!, Buffer.alloc(SIZE - 1))],
  ])('end the connection where they are %s', async (_what, lose) => {
    lose();
    for (const path of ['1', '1/series/2']) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      await expect(answer.arrayBuffer()).rejects.toThrow();
    }
  });

  it('are missed where fewer are left than there were', async () => {
    const answer = await get('1');
    expect(answer.status).toBe(200);
    await reading.execute(`DELETE FROM instances WHERE sop_instance_uid = '1.16'`);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it('are not read on where the client hangs up', async () => {
    const hangUp = new AbortController();
    blobs.reads = 0;
    const answer = await get('1/series/2', hangUp.signal);
    await answer.body!.getReader().read();
    hangUp.abort();
    await get('x');
    expect(blobs.reads).toBeLessThan(14);
  });
});
