import { createHash, randomBytes } from 'node:crypto';
import { gzipSync, inflateSync } from 'node:zlib';
import type { ResourceIds } from '@annal/domain';
import { BlobReaper, BlobSweeper } from '@annal/projections';
import { sampleFile, type SampleFile } from '../../../../../test/support/sample-study.js';
import { expectSums } from '../../../../../test/support/archive-state.js';
import { type Answer, startWritingApp, type WritingApp } from '../testing/writing-app.js';

const md5 = (bytes: string | Buffer): string => createHash('md5').update(bytes).digest('hex');
const UserContentType = { report: [1024, 'application/pdf'], raw: 1025 };

describe('attachments', () => {
  let shared: WritingApp;
  let writing: WritingApp;
  let FILE: SampleFile;
  let ids: ResourceIds;
  let AT: string;
  let patients = 0;

  beforeAll(async () => {
    shared = await startWritingApp({ UserContentType });
  });
  afterAll(() => shared.close());
  /** An instance of a new patient, on the application that most tests use. */
  beforeEach(() => use(shared));
  const use = async (app: WritingApp): Promise<void> => {
    writing = app;
    FILE = sampleFile({ patient: `P${++patients}`, study: 1, series: 1, instance: 1 });
    ids = FILE.ids;
    AT = `/instances/${ids.instance}/attachments`;
    expect((await writing.send('POST', '/instances', FILE.bytes)).status).toBe(200);
  };
  /** Runs a test on an application of its own. */
  const withOptions = async (options: object, test: () => Promise<void>): Promise<void> => {
    const own = await startWritingApp({ UserContentType, ...options });
    try {
      await use(own);
      await test();
    } finally {
      await own.close();
    }
  };
  const get = (path: string, headers?: Record<string, string>): Promise<Answer> =>
    writing.send('GET', path, undefined, headers);
  const put = (path: string, body: RequestInit['body'], headers?: Record<string, string>): Promise<Answer> =>
    writing.send('PUT', path, body, headers);
  const code = ({ status, json }: Answer): readonly unknown[] => [
    status,
    (json as { OrthancStatus?: number } | undefined)?.OrthancStatus,
  ];
  const changes = async (): Promise<readonly string[]> => {
    const { json } = await get('/changes?limit=1000&type=UpdatedAttachment');
    return (json as { Changes: { ResourceType: string; ID: string }[] }).Changes.filter(({ ID }) =>
      Object.values(ids).includes(ID),
    ).map(({ ResourceType, ID }) => `${ResourceType} ${ID}`);
  };

  it('of an instance begin with its file, of which everything can be asked', async () => {
    expect((await get(AT)).json).toEqual(['dicom']);
    expect((await get(`${AT}?full`)).json).toEqual({ dicom: 1 });
    expect((await get(`/series/${ids.series}/attachments`)).json).toEqual([]);
    const info = (await get(`${AT}/dicom/info`)).json as Record<string, unknown>;
    const size = FILE.bytes.length;
    expect(info).toEqual({
      CompressedMD5: FILE.md5,
      CompressedSize: size,
      ContentType: 1,
      UncompressedMD5: FILE.md5,
      UncompressedSize: size,
      Uuid: info.Uuid,
    });
    for (const [what, value] of [
      ['size', String(size)],
      ['compressed-size', String(size)],
      ['md5', FILE.md5],
      ['compressed-md5', FILE.md5],
      ['is-compressed', '0'],
    ] as const) {
      const answer = await get(`${AT}/1/${what}`);
      expect([answer.text, answer.headers.get('etag')]).toEqual([value, `"0-${FILE.md5}"`]);
      expect(answer.headers.get('content-type')).toBe('text/plain');
    }
    expect((await get(`${AT}/dicom`)).json).toEqual(
      'compress compressed-data compressed-md5 compressed-size data info is-compressed md5 size uncompress verify-md5'.split(
        ' ',
      ),
    );
    const data = await get(`${AT}/dicom/data`);
    expect(data.bytes.equals(FILE.bytes)).toBe(true);
    expect(data.headers.get('content-type')).toBe('application/dicom');
    expect(data.headers.get('content-disposition')).toBe(`filename="${String(info.Uuid)}"`);
    expect((await get(`${AT}/dicom/data?filename=a%20%22b%2F.dcm`)).headers.get('content-disposition')).toBe(
      'filename="a%20%22b%2F.dcm"',
    );
    expect((await get(`${AT}/dicom/data?filename=`)).headers.get('content-disposition')).toBeNull();
    const verified = await writing.send('POST', `${AT}/dicom/verify-md5`);
    expect([verified.status, verified.text]).toEqual([200, '{}']);
  });

  it.each([
    ['bytes=128-131', 128, 132],
    ['bytes=-', 0, Infinity],
    ['bytes=-9', 0, 10],
    ['bytes=100-', 100, Infinity],
    ['bytes= 1 - 5', 1, 6],
    ['bytes=a-5', 0, 6],
  ])('give the range %s, stored compressed or not', async (Range, from, end) => {
    const to = Math.min(end, FILE.bytes.length);
    for (const step of ['verify-md5', 'compress']) {
      await writing.send('POST', `${AT}/dicom/${step}`);
      const answer = await get(`${AT}/dicom/data`, { Range });
      expect(answer.status).toBe(206);
      expect(answer.bytes.equals(FILE.bytes.subarray(from, to))).toBe(true);
      expect(answer.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/${FILE.bytes.length}`);
      expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    }
  });

  it('refuse ranges that are not there', async () => {
    const { length } = FILE.bytes;
    for (const Range of [
      `bytes=0-${length}`,
      `bytes=${length}-`,
      'bytes=5-2',
      'bytes=0-1,3-4',
      'items=1-2',
      'bytes=5',
    ]) {
      expect(code(await get(`${AT}/dicom/data`, { Range }))).toEqual([416, 41]);
    }
  });

  it('are set, replaced and taken off at every level, and show in lists, searches, changes and statistics', async () => {
    const at = [
      `/patients/${ids.patient}`,
      `/studies/${ids.study}`,
      `/series/${ids.series}`,
      `/instances/${ids.instance}`,
    ];
    for (const resource of at) {
      const added = await put(`${resource}/attachments/report`, `of ${resource}`);
      expect([added.status, added.text, added.headers.get('etag')]).toEqual([
        200,
        '{}',
        `"0-${md5(`of ${resource}`)}"`,
      ]);
      expect((await put(`${resource}/attachments/2000`, 'xx')).status).toBe(200);
      const data = await get(`${resource}/attachments/1024/data`);
      expect([data.text, data.headers.get('content-type')]).toEqual([`of ${resource}`, 'application/pdf']);
      expect((await get(`${resource}/attachments/2000/data`)).headers.get('content-type')).toBe(
        'application/octet-stream',
      );
    }
    expect((await get(AT)).json).toEqual(['dicom', 'report', '2000']);
    expect((await get(`${AT}?full`)).json).toEqual({ '2000': 2000, dicom: 1, report: 1024 });
    const replaced = await put(`${AT}/report`, 'other');
    expect(replaced.headers.get('etag')).toBe(`"1-${md5('other')}"`);
    const Query = { PatientID: `P${patients}` };
    const search = JSON.stringify({ Level: 'Instance', Query, ResponseContent: ['Attachments'] });
    const [found] = (await writing.send('POST', '/tools/find', search)).json as { Attachments: object[] }[];
    expect(found!.Attachments).toMatchObject([
      { ContentType: 1, UncompressedMD5: FILE.md5 },
      { ContentType: 1024, UncompressedMD5: md5('other'), UncompressedSize: 5, CompressedSize: 5 },
      { ContentType: 2000, UncompressedSize: 2 },
    ]);
    const texts = at.slice(0, 3).reduce((sum, resource) => sum + `of ${resource}`.length + 2, 'other'.length + 2);
    expect((await get(`/patients/${ids.patient}/statistics`)).json).toMatchObject({
      DicomDiskSize: String(FILE.bytes.length),
      DiskSize: String(FILE.bytes.length + texts),
      UncompressedSize: String(FILE.bytes.length + texts),
    });
    expect((await get(`/instances/${ids.instance}/statistics`)).json).toMatchObject({
      DicomUncompressedSize: String(FILE.bytes.length),
      UncompressedSize: String(FILE.bytes.length + 7),
    });
    const removed = await writing.send('DELETE', `${AT}/report`);
    expect([removed.status, removed.text]).toEqual([200, '']);
    expect((await get(AT)).json).toEqual(['dicom', '2000']);
    expect(await changes()).toEqual([
      ...[`Patient ${ids.patient}`, `Study ${ids.study}`, `Series ${ids.series}`, `Instance ${ids.instance}`].flatMap(
        (one) => [one, one],
      ),
      `Instance ${ids.instance}`,
      `Instance ${ids.instance}`,
    ]);
    await expectSums({ execute: writing.execute } as never);
  });

  it('that are empty can be read', async () => {
    expect((await put(`${AT}/raw`, '')).headers.get('etag')).toBe(`"0-${md5('')}"`);
    const answer = await get(`${AT}/raw/data`);
    expect([answer.status, answer.bytes.length, answer.headers.get('content-length')]).toEqual([200, 0, '0']);
    expect(code(await get(`${AT}/raw/data`, { Range: 'bytes=0-0' }))).toEqual([416, 41]);
  });

  it.each<[string, string, readonly unknown[]]>([
    ['GET', 'nope', [404, 7]],
    ['GET', '1024', [404, 17]],
    ['GET', 'dicom-until-pixel-data/data', [404, 17]],
    ['GET', '/instances/nope/attachments', [404, 17]],
    ['GET', '/series/INSTANCE/attachments', [404, 17]],
    ['GET', '/instances/nope/attachments/dicom/info', [404, 17]],
    ['GET', 'report/nope', [404, 17]],
    ['GET', 'dicom/compress', [405, undefined]],
    ['PUT', 'dicom', [403, undefined]],
    ['PUT', '3', [403, undefined]],
    ['PUT', '1023', [403, undefined]],
    ['PUT', '65536', [403, undefined]],
    ['PUT', '-5', [403, undefined]],
    ['PUT', 'nope', [404, 7]],
    ['PUT', '2147483648', [400, 5]],
    ['PUT', '+1030', [400, 5]],
    ['PUT', '/instances/nope/attachments/report', [404, 7]],
    ['PUT', 'report/data', [405, undefined]],
    ['PUT', '', [405, undefined]],
    ['DELETE', 'dicom', [403, undefined]],
    ['DELETE', '10', [403, undefined]],
    ['DELETE', 'report', [404, 17]],
    ['DELETE', 'dicom-as-json', [404, 17]],
    ['DELETE', '/instances/nope/attachments/report', [404, 17]],
    ['POST', 'nope/compress', [404, 7]],
    ['POST', '1030/uncompress', [404, 17]],
    ['POST', '1030/verify-md5', [400, undefined]],
    ['POST', '/instances/nope/attachments/dicom/verify-md5', [404, 17]],
  ])('refuse %s %s', async (method, place, answer) => {
    const path = place.startsWith('/') ? place.replace('INSTANCE', ids.instance) : `${AT}/${place}`;
    const before = [await writing.blobKeys(), (await get('/changes?last')).json];
    expect(code(await writing.send(method, path, method === 'PUT' ? 'x' : undefined))).toEqual(answer);
    expect([await writing.blobKeys(), (await get('/changes?last')).json]).toEqual(before);
  });

  it('answer 304 to who knows the revision, and refuse what is no revision', async () => {
    const known = `"0-${FILE.md5}"`;
    for (const path of ['', '/data', '/size', '/info', '/compressed-data']) {
      const same = await get(`${AT}/dicom${path}`, { 'If-None-Match': known });
      expect([same.status, same.headers.get('etag'), same.bytes.length]).toEqual([304, known, 0]);
      expect((await get(`${AT}/dicom${path}`, { 'If-None-Match': `0-${FILE.md5}` })).status).toBe(304);
      expect((await get(`${AT}/dicom${path}`, { 'If-None-Match': '"0-abc"' })).status).toBe(200);
      expect(code(await get(`${AT}/dicom${path}`, { 'If-None-Match': '*' }))).toEqual([400, 3]);
    }
    expect(code(await put(`${AT}/raw`, 'x', { 'If-Match': 'abc' }))).toEqual([400, 3]);
    // what is not to be changed at all is told first
    expect(code(await put(`${AT}/3`, 'x', { 'If-Match': 'abc' }))).toEqual([403, undefined]);
    expect(code(await writing.send('DELETE', `${AT}/3`, undefined, { 'If-Match': 'abc' }))).toEqual([403, undefined]);
    expect(code(await put(`${AT}/nope`, 'x', { 'If-Match': 'abc' }))).toEqual([404, 7]);
  });

  it('are changed only from the revision that is named', async () => {
    await put(`${AT}/raw`, 'one');
    const [first, second] = [`"0-${md5('one')}"`, `"1-${md5('two')}"`];
    expect((await put(`${AT}/raw`, 'two', { 'If-Match': first })).headers.get('etag')).toBe(second);
    expect(code(await put(`${AT}/raw`, 'late', { 'If-Match': first }))).toEqual([409, 43]);
    expect(code(await writing.send('DELETE', `${AT}/raw`, undefined, { 'If-Match': first }))).toEqual([409, 43]);
    expect((await get(`${AT}/raw/data`)).text).toBe('two');
    expect((await writing.send('DELETE', `${AT}/raw`, undefined, { 'If-Match': second })).status).toBe(200);
    expect((await put(`${AT}/raw`, 'new', { 'If-Match': second })).headers.get('etag')).toBe(`"0-${md5('new')}"`);
  });

  it('are not changed from a revision that no column could hold', async () => {
    await put(`${AT}/raw`, 'one');
    for (const number of [2 ** 31, 1_764_000_000_000, Number.MAX_SAFE_INTEGER]) {
      const headers = { 'If-Match': `"${number}-${md5('one')}"` };
      expect(code(await put(`${AT}/raw`, 'late', headers))).toEqual([409, 43]);
      expect(code(await writing.send('DELETE', `${AT}/raw`, undefined, headers))).toEqual([409, 43]);
    }
    expect((await get(`${AT}/raw/data`)).text).toBe('one');
  });

  it('without MD5s are told from those that were in their place before', () =>
    withOptions({ StoreMD5ForAttachments: false }, async () => {
      const first = (await put(`${AT}/raw`, 'one')).headers.get('etag')!;
      expect((await get(`${AT}/raw/data`, { 'If-None-Match': first })).status).toBe(304);
      await writing.send('DELETE', `${AT}/raw`);
      const second = (await put(`${AT}/raw`, 'two')).headers.get('etag')!;
      expect((await get(`${AT}/raw/data`, { 'If-None-Match': first })).text).toBe('two');
      expect(code(await put(`${AT}/raw`, 'late', { 'If-Match': first }))).toEqual([409, 43]);
      expect(code(await writing.send('DELETE', `${AT}/raw`, undefined, { 'If-Match': first }))).toEqual([409, 43]);
      expect((await get(`${AT}/raw/data`)).headers.get('etag')).toBe(second);
      const third = (await put(`${AT}/raw`, 'three', { 'If-Match': second })).headers.get('etag')!;
      expect((await writing.send('DELETE', `${AT}/raw`, undefined, { 'If-Match': third })).status).toBe(200);
    }));

  it('of many who replace the same revision at once are those of one', () =>
    withOptions({ CheckRevisions: true }, async () => {
      expect((await put(`${AT}/raw`, 'first')).status).toBe(200);
      expect(code(await put(`${AT}/raw`, 'unaware'))).toEqual([409, 43]);
      expect(code(await writing.send('DELETE', `${AT}/raw`))).toEqual([409, 43]);
      const headers = { 'If-Match': `"0-${md5('first')}"` };
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => put(`${AT}/raw`, `by ${i}`, headers)));
      const winner = answers.findIndex(({ status }) => status === 200);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
      const { text, headers: shown } = await get(`${AT}/raw/data`);
      expect([text, shown.get('etag')]).toEqual([`by ${winner}`, `"1-${md5(`by ${winner}`)}"`]);
    }));

  it('are stored compressed on demand, and the DICOM file too, behind the number of their bytes', async () => {
    const text = 'a'.repeat(5000);
    await put(`${AT}/report`, text);
    for (const [name, bytes] of [
      ['report', Buffer.from(text)],
      ['dicom', FILE.bytes],
    ] as const) {
      const before = (await get(`${AT}/${name}/info`)).json as { Uuid: string };
      const done = await writing.send('POST', `${AT}/${name}/compress`);
      expect([done.status, done.text]).toEqual([200, '{}']);
      const info = (await get(`${AT}/${name}/info`)).json as Record<string, unknown>;
      const stored = await get(`${AT}/${name}/compressed-data`);
      expect(info).toMatchObject({
        CompressedMD5: md5(stored.bytes),
        CompressedSize: stored.bytes.length,
        UncompressedMD5: md5(bytes),
        UncompressedSize: bytes.length,
      });
      expect(info.Uuid).not.toBe(before.Uuid);
      expect(Number(stored.bytes.readBigUInt64LE())).toBe(bytes.length);
      expect(inflateSync(stored.bytes.subarray(8)).equals(bytes)).toBe(true);
      expect(stored.headers.get('content-type')).toBe('application/octet-stream');
      expect(stored.headers.get('content-disposition')).toBeNull();
      expect((await get(`${AT}/${name}/is-compressed`)).text).toBe('1');
      expect((await get(`${AT}/${name}/data`)).bytes.equals(bytes)).toBe(true);
      expect(
        (await get(`${AT}/${name}/compressed-data`, { Range: 'bytes=8-9' })).bytes.equals(stored.bytes.subarray(8, 10)),
      ).toBe(true);
      expect((await writing.send('POST', `${AT}/${name}/verify-md5`)).status).toBe(200);
      expect((await get(`${AT}/${name}/size`)).headers.get('etag')).toBe(`"1-${md5(bytes)}"`);
    }
    expect((await get(`/instances/${ids.instance}/file`)).bytes.equals(FILE.bytes)).toBe(true);
    const { CompressedSize: small } = (await get(`${AT}/dicom/info`)).json as { CompressedSize: number };
    expect((await get(`/series/${ids.series}/statistics`)).json).toMatchObject({
      DicomDiskSize: String(small),
      DicomUncompressedSize: String(FILE.bytes.length),
    });
    // once more changes nothing
    await writing.send('POST', `${AT}/dicom/compress`);
    expect((await get(`${AT}/dicom/size`)).headers.get('etag')).toBe(`"1-${FILE.md5}"`);
    await writing.send('POST', `${AT}/dicom/uncompress`);
    expect((await get(`${AT}/dicom/compressed-data`)).bytes.equals(FILE.bytes)).toBe(true);
    expect((await get(`${AT}/dicom/is-compressed`)).text).toBe('0');
    // of what is no user's, the changes do not speak
    expect(await changes()).toHaveLength(2);
    await expectSums({ execute: writing.execute } as never);
  });

  it('come in compressed with StorageCompression, those too that do not fit in memory or say no length', () =>
    withOptions({ StorageCompression: true }, async () => {
      expect((await get(`${AT}/dicom/is-compressed`)).text).toBe('1');
      const large = Buffer.concat([Buffer.alloc(5_000_000, 'x'), randomBytes(100_000)]);
      const chunked = new ReadableStream({
        start(controller) {
          for (let at = 0; at < large.length; at += 1_000_000) controller.enqueue(large.subarray(at, at + 1_000_000));
          controller.close();
        },
      });
      const sent = fetch(`${writing.app.url}${AT}/raw`, {
        method: 'PUT',
        body: chunked,
        duplex: 'half',
      });
      expect((await sent).headers.get('etag')).toBe(`"0-${md5(large)}"`);
      expect((await put(`${AT}/report`, large)).status).toBe(200);
      for (const name of ['raw', 'report']) {
        const stored = await get(`${AT}/${name}/compressed-data`);
        expect(Number(stored.bytes.readBigUInt64LE())).toBe(large.length);
        expect(stored.bytes.length).toBeLessThan(large.length / 5);
        expect((await get(`${AT}/${name}/compressed-md5`)).text).toBe(md5(stored.bytes));
        expect((await get(`${AT}/${name}/data`)).bytes.equals(large)).toBe(true);
        expect(
          (await get(`${AT}/${name}/data`, { Range: 'bytes=4999990-5000009' })).bytes.equals(
            large.subarray(4_999_990, 5_000_010),
          ),
        ).toBe(true);
      }
      // nothing is left of what was taken in before it could be compressed
      expect(await writing.blobKeys()).toHaveLength(3);
    }));

  it('have no MD5 without StoreMD5ForAttachments', () =>
    withOptions({ StoreMD5ForAttachments: false, StorageCompression: true }, async () => {
      const tag = (await put(`${AT}/raw`, 'abc'.repeat(100))).headers.get('etag')!;
      expect(tag).toBe(`"0-${((await get(`${AT}/raw/info`)).json as { Uuid: string }).Uuid}"`);
      for (const name of ['raw', 'dicom']) {
        expect((await get(`${AT}/${name}/info`)).json).toMatchObject({ CompressedMD5: '', UncompressedMD5: '' });
        expect((await get(`${AT}/${name}/md5`)).status).toBe(404);
        expect((await get(`${AT}/${name}/compressed-md5`)).status).toBe(404);
        expect((await writing.send('POST', `${AT}/${name}/verify-md5`)).status).toBe(400);
      }
      expect((await get(`${AT}/raw/data`, { 'If-None-Match': tag })).status).toBe(304);
      expect((await writing.send('POST', `${AT}/dicom/uncompress`)).status).toBe(200);
      expect((await get(`/instances/${ids.instance}/file`)).bytes.equals(FILE.bytes)).toBe(true);
    }));

  it('go with their resource, and their bytes with them; none is swept before', () =>
    withOptions({}, async () => {
      await put(`/patients/${ids.patient}/attachments/raw`, 'of the patient');
      await put(`${AT}/raw`, 'of the instance');
      await put(`${AT}/raw`, 'other');
      await writing.send('POST', `${AT}/dicom/compress`);
      expect(await writing.blobKeys()).toHaveLength(5);
      const { pool } = writing.app.context;
      const reap = (): Promise<number> => new BlobReaper(pool, writing.blobs, 0, async () => undefined).run();
      await reap();
      expect(await writing.blobKeys()).toHaveLength(3);
      expect((await get(`/instances/${ids.instance}/file`)).bytes.equals(FILE.bytes)).toBe(true);
      const orphan = writing.blobs.newKey();
      await writing.blobs.put(orphan, [Buffer.from('of nobody')]);
      const sweeper = new BlobSweeper(pool, writing.log, writing.blobs, 24);
      expect(await sweeper.run(new Date(Date.now() + 25 * 3_600_000))).toEqual([orphan]);
      await writing.send('DELETE', `/instances/${ids.instance}`);
      await reap();
      expect(await writing.blobKeys()).toEqual([]);
      expect((await get('/statistics')).json).toMatchObject({ TotalDiskSize: '0', TotalUncompressedSize: '0' });
    }));

  it('that are damaged fail their verification, and are not compressed', async () => {
    await put(`${AT}/raw`, 'before');
    const before = await writing.blobKeys();
    await writing.execute(`UPDATE attachments SET md5 = '${'0'.repeat(32)}', stored_md5 = '${'0'.repeat(32)}'
      WHERE md5 = md5('before')`);
    expect((await writing.send('POST', `${AT}/raw/verify-md5`)).status).toBe(400);
    expect(code(await writing.send('POST', `${AT}/raw/compress`))).toEqual([500, 20]);
    expect((await get(`${AT}/raw/data`)).text).toBe('before');
    expect(await writing.blobKeys()).toEqual(before);
  });

  it('beyond a limit are refused', () =>
    withOptions({ Annal: { Limits: { MaxAttachmentSize: 10, MaxAttachments: 2 } } }, async () => {
      expect((await put(`${AT}/raw`, 'eleven char')).status).toBe(413);
      const gzipped = gzipSync('x'.repeat(1000)).subarray(0, 40);
      expect((await put(`${AT}/raw`, gzipped, { 'Content-Encoding': 'gzip' })).status).toBe(413);
      expect([await put(`${AT}/raw`, 'a'), await put(`${AT}/2000`, 'b')].map(({ status }) => status)).toEqual([
        200, 200,
      ]);
      expect((await put(`${AT}/2001`, 'c')).status).toBe(413);
      expect((await put(`${AT}/2000`, 'd')).status).toBe(200);
      expect(await writing.blobKeys()).toHaveLength(4);
    }));

  it('take room of the storage, and find none in mode Reject', () =>
    withOptions({ MaximumStorageSize: 1, MaximumStorageMode: 'Reject' }, async () => {
      expect((await put(`${AT}/raw`, Buffer.alloc(600_000))).status).toBe(200);
      expect(code(await put(`${AT}/report`, Buffer.alloc(600_000)))).toEqual([507, 19]);
      const other = sampleFile({ patient: 'Q', study: 1, series: 1, instance: 1 }, 600_000);
      expect(code(await writing.send('POST', '/instances', other.bytes))).toEqual([507, 19]);
      expect(await writing.blobKeys()).toHaveLength(2);
      expect((await writing.execute('SELECT count(*) AS n FROM reservations'))[0]![0]!.n).toBe(0);
    }));
});
