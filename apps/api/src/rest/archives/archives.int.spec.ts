import { randomBytes } from 'node:crypto';
import type { BlobStore, ResourceIds } from '@annal/domain';
import yauzl from 'yauzl';
import type { SampleInstance } from '../../../../../test/support/stored-event.js';
import { type ReadingApp, startReadingApp } from '../testing/reading-app.js';
import { MemoryBlobs } from './testing/memory-blobs.js';
import { storeNumbered } from './testing/store-numbered.js';

const SIZE = 5000;
/** More than waits for a connection. */
const LARGE = 4 * 1024 * 1024;
/** More than is read ahead and fits into the buffers of a connection. */
const ENDLESS = 32 * 1024 * 1024;

describe('archives', () => {
  let reading: ReadingApp;
  const blobs = new MemoryBlobs(SIZE);
  const ids = new Map<string, ResourceIds>();
  const keys = new Map<string, string>();

  const instances: readonly [name: string, sample: SampleInstance, number: string][] = [
    ['a', { patient: 'P1', study: '1.1', series: '1.1.1', instance: '1.1.1.1' }, '2'],
    ['b', { patient: 'P1', study: '1.1', series: '1.1.1', instance: '1.1.1.2' }, '1'],
    ['c', { patient: 'P1', study: '1.1', series: '1.1.2', instance: '1.1.2.1' }, '1'],
    ['d', { patient: 'P1', study: '1.1', series: '1.1.2', instance: '1.1.2.2' }, '1'],
    ['e', { patient: 'P2', study: '1.2', series: '1.2.1', instance: '1.2.1.1' }, '7'],
  ];

  const store = async (name: string, sample: SampleInstance, number: string, size = SIZE): Promise<void> => {
    const made = await storeNumbered(reading, { ...sample, size }, number);
    ids.set(name, made.ids);
    keys.set(name, made.blobKey);
  };

  beforeAll(async () => {
    reading = await startReadingApp({}, blobs as unknown as BlobStore);
    for (const instance of instances) await store(...instance);
    const large = { patient: 'P3', study: '1.3', series: '1.3.1' };
    await store('large', { ...large, instance: '1.3.1.1' }, '1', LARGE);
    await store('second', { ...large, instance: '1.3.1.2' }, '2');
    await store('endless', { patient: 'P4', study: '1.4', series: '1.4.1', instance: '1.4.1.1' }, '1', ENDLESS);
    const noise = randomBytes(1024 * 1024);
    blobs.kept.set(keys.get('large')!, Buffer.alloc(LARGE, noise));
    blobs.kept.set(keys.get('endless')!, Buffer.alloc(ENDLESS, noise));
  });
  afterAll(() => reading.close());

  /** The names in an archive with the instances whose files lie there. */
  const open = async (answer: Response): Promise<Record<string, string>> => {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const zip = await yauzl.fromBufferPromise(Buffer.from(await answer.arrayBuffer()));
    const found: Record<string, string> = {};
    for await (const entry of zip.eachEntry()) {
      const chunks: Buffer[] = [];
      for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const known = [...keys].find(([, key]) => !blobs.lost.has(key) && blobs.bytesOf(key).equals(bytes));
      found[entry.fileName] = known?.[0] ?? bytes.subarray(128, 132).toString();
    }
    return found;
  };
  const get = (path: string): Promise<Response> => fetch(reading.app.url + path);
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(reading.app.url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  const P1 = {
    'P1 NAME P1/A Study/CT Ser/CT000001.dcm': 'b',
    'P1 NAME P1/A Study/CT Ser/CT000002.dcm': 'a',
    'P1 NAME P1/A Study/CT Ser-2/CT000000.dcm': 'd',
    'P1 NAME P1/A Study/CT Ser-2/CT000001.dcm': 'c',
  };
  const first = (name: string): ResourceIds => ids.get(name)!;

  it('have the files of a patient, study or series in folders named after them', async () => {
    expect(await open(await get(`/patients/${first('a').patient}/archive`))).toEqual(P1);
    expect(await open(await get(`/studies/${first('a').study}/archive`))).toEqual(P1);
    expect(await open(await get(`/series/${first('a').series}/archive`))).toEqual({
      'P1 NAME P1/A Study/CT Ser/CT000001.dcm': 'b',
      'P1 NAME P1/A Study/CT Ser/CT000002.dcm': 'a',
    });
    expect(await open(await post(`/studies/${first('a').study}/archive`, {}))).toEqual(P1);
  });

  it('have the folder of a series alone where it is asked for by POST, as Orthanc', async () => {
    const files = { 'CT Ser/CT000001.dcm': 'b', 'CT Ser/CT000002.dcm': 'a' };
    expect(await open(await post(`/series/${first('a').series}/archive`, {}))).toEqual(files);
  });

  it('have the files of any resources, each once', async () => {
    const { patient, study, series, instance } = first('a');
    const all = [instance, series, study, patient, first('c').instance, patient];
    expect(await open(await get(`/tools/create-archive?resources=${all.join(',')}`))).toEqual(P1);
    expect(await open(await post('/tools/create-archive', { Resources: all }))).toEqual(P1);
    const single = [first('d').instance, first('e').series, first('c').instance, first('d').instance];
    const found = await open(await post('/tools/create-archive', single));
    expect(Object.keys(found).sort()).toEqual([
      'P1 NAME P1/A Study/CT Ser/CT000001.dcm',
      'P1 NAME P1/A Study/CT Ser/CT000001.dcm-2',
      'P2 NAME P2/A Study/CT Ser/CT000007.dcm',
    ]);
    expect(Object.values(found).sort()).toEqual(['c', 'd', 'e']);
    expect(await open(await post('/tools/create-archive', []))).toEqual({});
  });

  it('are media with a DICOMDIR at the end', async () => {
    const { patient } = first('a');
    for (const answer of [
      await get(`/patients/${patient}/media`),
      await post(`/patients/${patient}/media`, { Extended: true }),
      await get(`/tools/create-media?resources=${patient}`),
      await get(`/tools/create-media-extended?resources=${patient}`),
      await post('/tools/create-media', [patient]),
      await post('/tools/create-media-extended', { Resources: [patient] }),
    ]) {
      const found = await open(answer);
      expect(Object.keys(found)).toEqual(['IMAGES/IM0', 'IMAGES/IM1', 'IMAGES/IM2', 'IMAGES/IM3', 'DICOMDIR']);
      expect(Object.values(found)).toEqual(['b', 'a', 'd', 'c', 'DICM']);
    }
    expect(await open(await post('/tools/create-media', []))).toEqual({ DICOMDIR: 'DICM' });
  });

  it('tell the description of series in a DICOMDIR that is extended', async () => {
    const { study } = first('e');
    const described = async (answer: Response): Promise<boolean> => {
      const zip = await yauzl.fromBufferPromise(Buffer.from(await answer.arrayBuffer()));
      for await (const entry of zip.eachEntry()) {
        if (entry.fileName !== 'DICOMDIR') continue;
        const chunks: Buffer[] = [];
        for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) chunks.push(chunk);
        return Buffer.concat(chunks).includes('\x08\0\x3e\x10LO\x04\0Ser ');
      }
      throw new Error('There is no DICOMDIR');
    };
    const media = `/studies/${study}/media`;
    expect(await described(await get(media))).toBe(false);
    expect(await described(await get(`${media}?extended=0`))).toBe(true);
    expect(await described(await post(media, { Extended: true }))).toBe(true);
    expect(await described(await post(media, {}))).toBe(false);
    expect(await described(await post('/tools/create-media', { Resources: [study], Extended: true }))).toBe(true);
    expect(await described(await post('/tools/create-media-extended', { Resources: [study] }))).toBe(true);
    expect(await described(await get(`/tools/create-media-extended?resources=${study}`))).toBe(true);
    expect(await described(await post('/tools/create-media-extended', { Resources: [study], Extended: false }))).toBe(
      false,
    );
  });

  it('have the name of the resource, or the one that is asked for', async () => {
    const { study } = first('a');
    const named = async (answer: Promise<Response>): Promise<string | null> => {
      const { headers, body } = await answer;
      await body?.cancel();
      return headers.get('content-disposition');
    };
    expect(await named(get(`/studies/${study}/archive`))).toBe(`filename="${study}.zip"`);
    expect(await named(get(`/tools/create-archive?resources=${study}`))).toBe('filename="Archive.zip"');
    expect(await named(get(`/studies/${study}/archive?filename=a.zip`))).toBe('filename="a.zip"');
    expect(await named(get(`/studies/${study}/archive?filename=a%22%0d%0ab%20c`))).toBe('filename="a%22%0D%0Ab%20c"');
    expect(await named(post(`/studies/${study}/media`, { Filename: 'my study.zip' }))).toBe('filename="my study.zip"');
    expect(await named(post('/tools/create-archive', { Resources: [study], Filename: 'a"\r\nb/é' }))).toBe(
      'filename="a%22%0D%0Ab%2F%C3%A9"',
    );
  });

  it.each([
    ['/patients/nope/archive', 'InexistentItem', 7, 'Missing resource while creating an archive: nope'],
    ['/studies/nope/media', 'InexistentItem', 7, 'Missing resource while creating an archive: nope'],
    ['/tools/create-archive?resources=nope', 'UnknownResource', 17, undefined],
  ])('of what is not there are refused: %s', async (path, _name, OrthancStatus, Details) => {
    const { status, json } = await reading.ask<Record<string, unknown>>(path);
    expect([status, json.OrthancStatus, json.Details]).toEqual([404, OrthancStatus, Details]);
  });

  it('are of the level that the path says', async () => {
    const { study, series } = first('a');
    expect((await get(`/studies/${series}/archive`)).status).toBe(404);
    expect((await get(`/series/${study}/media`)).status).toBe(404);
    expect((await get(`/instances/${first('a').instance}/archive`)).status).toBe(404);
    expect((await get(`/tools/create-archive?resources=${study},nope`)).status).toBe(404);
  });

  it.each([
    ['/tools/create-archive', '', 400, 'Expected a list of resources to archive in the body'],
    ['/tools/create-archive', '{}', 400, 'Missing field Resources in the JSON body'],
    ['/tools/create-archive', '"x"', 400, undefined],
    ['/tools/create-archive', '[1]', 400, 'Expected a list of strings (Orthanc identifiers)'],
    ['/tools/create-archive', '{"Resources":"x"}', 400, 'Expected a list of strings (Orthanc identifiers)'],
    ['/tools/create-media', '["nope"]', 404, undefined],
    ['/tools/create-media', '{"Resources":[],"Extended":"x"}', 400, 'Boolean value expected in field: Extended'],
    ['/tools/create-media', '{"Resources":[],"Utf8":"x"}', 400, 'Boolean value expected in field: Utf8'],
    ['/tools/create-media', '{"Resources":[],"Synchronous":1}', 400, 'Boolean value expected in field: Synchronous'],
    ['/tools/create-media', '{"Resources":[],"Priority":"x"}', 400, 'Integer value expected in field: Priority'],
    ['/tools/create-media', '{"Resources":[],"Transcode":3}', 400, 'String value expected in field: Transcode'],
    ['/tools/create-media', '{"Resources":[],"Transcode":"nope"}', 400, 'Unknown transfer syntax: nope'],
    ['/tools/create-media', '{"Resources":[],"Asynchronous":1}', 400, 'Boolean value expected in field: Asynchronous'],
    ['/tools/create-media', '{"Resources":[],"Synchronous":1}', 400, 'Boolean value expected in field: Synchronous'],
    ['/studies/x/archive', '', 400, undefined],
    ['/studies/x/archive', '[', 400, undefined],
    ['/studies/x/archive', 'null', 404, 'Missing resource while creating an archive: x'],
  ])('say what is wrong with a body: %s %s', async (path, body, expected, details) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(expected);
    expect(((await answer.json()) as { Details?: string }).Details).toEqual(details);
  });

  it.each([
    ['/tools/create-archive', 'Missing resources argument'],
    ['/studies/x/archive?transcode=nope', 'Unknown transfer syntax: nope'],
    [
      '/studies/x/archive?transcode=1.2.840.10008.1.2&lossy-quality=x',
      'Expected a Unsigned Int for GET argument "lossy-quality", found: x',
    ],
  ])('say what is wrong with a query: %s', async (path, details) => {
    const { status, json } = await reading.ask<{ Details: string }>(path);
    expect([status, json.Details]).toEqual([400, details]);
  });

  describe('whose files are lost', () => {
    it('are refused when it is the first', async () => {
      blobs.lost.add(keys.get('e')!);
      const { status, json } = await reading.ask<{ OrthancStatus: number }>(`/studies/${first('e').study}/archive`);
      blobs.lost.clear();
      expect([status, json.OrthancStatus]).toEqual([404, 13]);
    });

    it.each([
      ['is gone', () => blobs.lost.add(keys.get('second')!)],
      ['is shorter than it was', () => blobs.kept.set(keys.get('second')!, Buffer.alloc(SIZE - 1))],
    ])('are never taken for complete: one %s', async (_what, lose) => {
      lose();
      for (const kind of ['archive', 'media']) {
        const answer = await get(`/series/${first('large').series}/${kind}`);
        expect(answer.status).toBe(200);
        await expect(answer.arrayBuffer()).rejects.toThrow();
      }
      blobs.lost.clear();
      blobs.kept.delete(keys.get('second')!);
    });
  });

  it('are no more worked on when the client hangs up', async () => {
    const hangUp = new AbortController();
    const before = blobs.closed;
    const path = `/studies/${first('endless').study}/archive`;
    const answer = await fetch(reading.app.url + path, { signal: hangUp.signal });
    await answer.body!.getReader().read();
    expect(blobs.closed).toBe(before);
    hangUp.abort();
    while (blobs.closed === before) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(blobs.closed).toBe(blobs.opened);
  });
});
