import { randomBytes } from 'node:crypto';
import type { BlobStore, ResourceIds } from '@annal/domain';
import yauzl, { type Entry } from 'yauzl';
import { type ReadingApp, startReadingApp } from '../testing/reading-app.js';
import { MemoryBlobs } from './testing/memory-blobs.js';
import { storeNumbered } from './testing/store-numbered.js';

const SIZE = 100_000;
/** More than is read ahead and fits into the buffers of a connection. */
const LARGE = 32 * 1024 * 1024;
const LIMITS = { MaxArchiveEntries: 3, MaxConcurrentArchives: 1 };

/** One application that sends archives while it makes them, and one that does not. */
describe.each([true, false])('archives that are configured, SynchronousZipStream: %s', (SynchronousZipStream) => {
  const blobs = new MemoryBlobs(SIZE);
  let reading: ReadingApp;
  let ids: ResourceIds[];
  const keys: string[] = [];

  beforeAll(async () => {
    const options = { SynchronousZipStream, Annal: { Archives: { CompressionLevel: 0 }, Limits: LIMITS } };
    reading = await startReadingApp(options, blobs as unknown as BlobStore);
    ids = [];
    for (let index = 1; index <= 4; index++) {
      const study = index < 4 ? '1.1' : '1.2';
      const sample = { patient: 'Jörg', study, series: `${study}.1`, instance: `${study}.${index}`, size: SIZE };
      const made = await storeNumbered(reading, sample, String(index));
      ids.push(made.ids);
      keys.push(made.blobKey);
    }
  });
  afterAll(() => reading.close());

  const get = (path: string, signal?: AbortSignal): Promise<Response> => fetch(reading.app.url + path, { signal });
  const entriesOf = async (answer: Response): Promise<readonly Entry[]> => {
    const entries: Entry[] = [];
    const zip = await yauzl.fromBufferPromise(Buffer.from(await answer.arrayBuffer()));
    for await (const entry of zip.eachEntry()) entries.push(entry);
    return entries;
  };

  it('are not compressed at level 0', async () => {
    const entries = await entriesOf(await get(`/studies/${ids[0]!.study}/archive`));
    expect(entries.map(({ compressionMethod, compressedSize }) => [compressionMethod, compressedSize])).toEqual(
      Array.from({ length: 3 }, () => [0, SIZE]),
    );
  });

  it('keep letters beyond ASCII where a request says so', async () => {
    const names = async (utf8: boolean): Promise<string> => {
      const body = JSON.stringify({ Utf8: utf8 });
      const answer = await fetch(`${reading.app.url}/studies/${ids[3]!.study}/archive`, { method: 'POST', body });
      return (await entriesOf(answer))[0]!.fileName;
    };
    expect(await names(true)).toBe('Jörg NAME Jörg/A Study/CT Ser/CT000004.dcm');
    expect(await names(false)).toBe('Jrg NAME Jrg/A Study/CT Ser/CT000004.dcm');
  });

  it('have a bounded number of instances, and of resources asked for', async () => {
    expect((await get(`/studies/${ids[0]!.study}/archive`)).status).toBe(200);
    const { status, json } = await reading.ask<{ Details: string }>(`/patients/${ids[0]!.patient}/archive`);
    expect([status, json.Details]).toEqual([413, 'The request is larger than the limit: an archive of 3 instances']);
    const same = Array.from({ length: 4 }, () => ids[0]!.instance);
    expect((await reading.ask('/tools/create-media', same)).status).toBe(413);
  });

  it(SynchronousZipStream ? 'are sent in pieces' : 'tell their length', async () => {
    const answer = await get(`/studies/${ids[0]!.study}/media`);
    const length = (await answer.arrayBuffer()).byteLength;
    expect(answer.headers.get('content-length')).toBe(SynchronousZipStream ? null : String(length));
    expect(answer.headers.get('transfer-encoding')).toBe(SynchronousZipStream ? 'chunked' : null);
  });

  if (SynchronousZipStream) {
    it('wait where so many are made already', async () => {
      blobs.kept.set(keys[0]!, Buffer.alloc(SIZE));
      const sample = { patient: 'L', study: '2', series: '2.1', instance: '2.1.1', size: LARGE };
      const large = await storeNumbered(reading, sample, '1');
      blobs.kept.set(large.blobKey, Buffer.alloc(LARGE, randomBytes(1024 * 1024)));
      const hangUp = new AbortController();
      const path = `${reading.app.url}/studies/${large.ids.study}/archive`;
      const slow = await fetch(path, { signal: hangUp.signal });
      await slow.body!.getReader().read();
      let answered = false;
      const second = get(`/studies/${ids[3]!.study}/archive`).finally(() => (answered = true));
      // what comes later and needs none of this is answered before
      for (let others = 0; others < 5; others++) expect((await get('/studies')).status).toBe(200);
      expect(answered).toBe(false);
      hangUp.abort();
      expect((await second).status).toBe(200);
    });

    it('keep nobody waiting whose answers are not read', async () => {
      for (let again = 0; again < 3; again++) {
        const { status, headers } = await fetch(`${reading.app.url}/studies/${ids[3]!.study}/archive`, {
          method: 'HEAD',
        });
        expect([status, headers.get('content-type')]).toEqual([200, 'application/zip']);
        const hangUp = new AbortController();
        const asked = get(`/studies/${ids[3]!.study}/archive`, hangUp.signal);
        hangUp.abort();
        await expect(asked).rejects.toThrow();
      }
      expect((await get(`/studies/${ids[3]!.study}/archive`)).status).toBe(200);
    });
  } else {
    it('are refused when a file is lost, and leave nothing behind', async () => {
      blobs.lost.add(keys[2]!);
      expect((await get(`/studies/${ids[0]!.study}/archive`)).status).toBe(404);
      blobs.lost.clear();
      expect(blobs.kept.size).toBe(0);
    });

    it('are no more worked on when the client hangs up, and leave nothing behind', async () => {
      const sample = { patient: 'E', study: '3', series: '3.1', instance: '3.1.1', size: 2 ** 40 };
      const endless = await storeNumbered(reading, sample, '1');
      blobs.endless.add(endless.blobKey);
      const hangUp = new AbortController();
      const asked = get(`/studies/${endless.ids.study}/archive`, hangUp.signal);
      // there is room for one only
      const waiting = get(`/studies/${endless.ids.study}/media`, hangUp.signal);
      while (blobs.opened === blobs.closed) await new Promise((resolve) => setTimeout(resolve, 5));
      hangUp.abort();
      await expect(Promise.all([asked, waiting])).rejects.toThrow();
      expect((await get(`/studies/${ids[3]!.study}/archive`)).status).toBe(200);
      expect(blobs.closed).toBe(blobs.opened);
      expect(blobs.kept.size).toBe(0);
    });
  }
});
