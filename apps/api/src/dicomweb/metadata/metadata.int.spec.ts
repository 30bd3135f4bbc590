import { get } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { HeaderElement } from '@annal/dicom';
import { instanceWith, type ReadingApp, startReadingApp } from '../../rest/testing/reading-app.js';

type Attribute = { readonly vr: string; readonly Value?: readonly unknown[]; readonly BulkDataURI?: string };
type DataSet = Record<string, Attribute>;

const sample = (series: number, instance: number, elements: readonly HeaderElement[] = [], study = '1') =>
  instanceWith(
    { patient: 'P', study, series: `${study}.${series}`, instance: `${study}.${series}.${instance}` },
    [...elements].sort(([a], [b]) => a - b),
  );

describe('metadata of DICOMweb', () => {
  let reading: ReadingApp;
  const start = async (DicomWeb: object = {}): Promise<void> => {
    reading = await startReadingApp({ DicomWeb });
    await reading.log.submit([
      sample(1, 1, [
        [0x00280010, 'US', [512]],
        [0x00280011, 'US', [512]],
        [0x0040a730, 'SQ', [[[0x00281201, 'OW', { b: 'YWI=' }]], [[0x00420011, 'OB', { o: 1, n: 5 }]]]],
        [0x7fe00010, 'OW', { o: 2000, n: 8 }],
        [0xfffcfffc, 'OB', { b: 'AA==' }],
      ]),
      sample(1, 2, [[0x00280010, 'US', [512]]]),
      sample(1, 3, [[0x00280010, 'US', [256]]]),
      sample(2, 1, [[0x00280010, 'US', [7]]]),
    ]);
  };
  const restart = async (DicomWeb: object): Promise<void> => {
    await reading.close();
    await start(DicomWeb);
  };
  beforeAll(() => start());
  afterAll(() => reading.close());

  const ask = async (
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: IncomingHttpHeaders; bytes: Buffer; json: () => DataSet[] }> =>
    new Promise((resolve, reject) => {
      get(`${reading.app.url}/dicom-web/studies/${path}`, { headers }, (answer) => {
        buffer(answer).then((bytes) => {
          const json = (): DataSet[] => JSON.parse(bytes.toString()) as DataSet[];
          resolve({ status: answer.statusCode!, headers: answer.headers, bytes, json });
        }, reject);
      }).on('error', reject);
    });
  const uidsOf = (dataSets: readonly DataSet[]): unknown[] => dataSets.map((each) => each['00080018']!.Value![0]);

  it('tell all that headers have of the instances of a study, a series or alone', async () => {
    expect(uidsOf((await ask('1/metadata')).json())).toEqual(['1.1.1', '1.1.2', '1.1.3', '1.2.1']);
    expect(uidsOf((await ask('1/series/1.1/metadata/')).json())).toEqual(['1.1.1', '1.1.2', '1.1.3']);
    const { headers, json } = await ask('1/series/1.1/instances/1.1.1/metadata');
    expect(headers['content-type']).toBe('application/dicom+json');
    const [instance] = json();
    const bulk = `${reading.app.url}/dicom-web/studies/1/series/1.1/instances/1.1.1/bulk`;
    expect(instance).toMatchObject({
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'NAME^P' }] },
      '00280010': { vr: 'US', Value: [512] },
      '0040A730': {
        vr: 'SQ',
        Value: [
          { '00281201': { vr: 'OW', BulkDataURI: `${bulk}/0040a730/1/00281201` } },
          { '00420011': { vr: 'OB', BulkDataURI: `${bulk}/0040a730/2/00420011` } },
        ],
      },
      '7FE00010': { vr: 'OW', BulkDataURI: `${bulk}/7fe00010` },
    });
    expect(instance).not.toHaveProperty('FFFCFFFC');
    expect((await ask('1/metadata')).json()[0]).toEqual(instance);
  });

  it('are compressed by gzip where that is accepted, and change with the URL that the client uses', async () => {
    for (const path of ['1/metadata', '1/series/1.1/metadata', '1/series/1.1/instances/1.1.1/metadata']) {
      const plain = await ask(path);
      for (let time = 0; time < 2; time++) {
        const zipped = await ask(path, { 'accept-encoding': 'gzip' });
        expect(zipped.headers['content-encoding']).toBe('gzip');
        expect(gunzipSync(zipped.bytes)).toEqual(plain.bytes);
        expect(zipped.headers.etag).not.toBe(plain.headers.etag);
      }
      const forwarded = await ask(path, { forwarded: 'host="a\\b";proto=https', 'accept-encoding': 'gzip' });
      const [first] = JSON.parse(gunzipSync(forwarded.bytes).toString()) as [DataSet];
      expect(first['7FE00010']!.BulkDataURI).toMatch(/^https:\/\/a\\b\/dicom-web\/studies\/1\/series/);
      expect((await ask(path)).bytes).toEqual(plain.bytes);
      const known = await ask(path);
      expect([known.headers['content-length'], known.headers.etag]).toEqual([
        String(plain.bytes.length),
        plain.headers.etag,
      ]);
    }
  });

  it('need not be sent again as long as nothing changes', async () => {
    await reading.log.submit([sample(1, 1, [], '2')]);
    const { headers } = await ask('2/metadata');
    const again = (tags: string, more = {}): ReturnType<typeof ask> =>
      ask('2/metadata', { 'if-none-match': tags, ...more });
    for (const tags of [headers.etag!, `"x", W/${headers.etag}`, '*']) {
      const { status, bytes, headers: short } = await again(tags);
      expect([status, bytes.length, short.etag]).toEqual([304, 0, headers.etag]);
    }
    expect((await again('"x"')).status).toBe(200);
    expect((await again(headers.etag!, { host: 'other' })).status).toBe(200);
    await reading.log.submit([sample(1, 2, [], '2')]);
    const changed = await again(headers.etag!);
    expect([changed.status, changed.json().length]).toEqual([200, 2]);
  });

  it('come as parts of XML to those who accept that', async () => {
    const { headers, bytes } = await ask('1/series/1.1/metadata', {
      accept: 'multipart/related; type="application/dicom+xml"',
    });
    const boundary = /^multipart\/related; type="application\/dicom\+xml"; boundary=(\S+)$/.exec(
      headers['content-type']!,
    );
    const parts = bytes.toString().split(`--${boundary![1]}`);
    expect(parts).toHaveLength(5);
    expect(parts[1]).toMatch(/^\r\nContent-Type: application\/dicom\+xml\r\nContent-Length: \d+\r\n/);
    expect(parts[1]).toContain('<BulkData uri="http://127.0.0.1:');
    expect(parts[2]).toContain('keyword="Rows"');
  });

  it('as XML are told of by HEAD', async () => {
    const accept = 'multipart/related; type="application/dicom+xml"';
    const answer = await fetch(`${reading.app.url}/dicom-web/studies/1/metadata`, {
      method: 'HEAD',
      headers: { accept },
    });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/related; type="application\/dicom\+xml"/);
  });

  it.each([
    ['application/json', 200],
    ['text/html, */*;q=0.1', 200],
    ['multipart/related; type="image/jpeg", application/dicom+json', 200],
    ['application/dicom+xml', 400],
    ['text/html', 400],
    ['multipart/related', 400],
    ['multipart/related; type="application/dicom+json"', 400],
    ['application/dicom+json;q=0', 400],
  ])('for Accept: %s are answered by %i', async (accept, expected) => {
    const { status, bytes } = await ask('1/metadata', { accept });
    expect(status).toBe(expected);
    if (expected === 400) expect(JSON.parse(bytes.toString())).toMatchObject({ OrthancStatus: 8, HttpStatus: 400 });
  });

  it.each([
    ['9/metadata', 'Accessing an inexistent Study with WADO-RS: 9//'],
    ['1/series/9/metadata', 'Accessing an inexistent Series with WADO-RS: 1/9/'],
    ['1/series/1.2/instances/1.1.1/metadata', 'Accessing an inexistent Instance with WADO-RS: 1/1.2/1.1.1'],
  ])('are not there for %s', async (path, Details) => {
    const { status, bytes } = await ask(path);
    expect([status, JSON.parse(bytes.toString())]).toEqual([
      404,
      expect.objectContaining({ Details, OrthancStatus: 7 }),
    ]);
  });

  it('of a study that several patients have are not told', async () => {
    await reading.log.submit([sample(1, 1, [], '3'), sample(2, 1, [], '3')]);
    await reading.log.submit([instanceWith({ patient: 'Q', study: '3', series: '3.1', instance: '3.1.1' })]);
    for (const path of ['3/metadata', '3/series/3.1/metadata']) expect((await ask(path)).status).toBe(404);
    expect((await ask('3/series/3.2/metadata')).status).toBe(200);
  });

  it('of more instances than are made at once are all there', async () => {
    const many = Array.from({ length: 1003 }, (_, index) => sample(1, index, [], '4'));
    for (let at = 0; at < many.length; at += 200) await reading.log.submit(many.slice(at, at + 200));
    for (let time = 0; time < 2; time++) {
      const { bytes } = await ask('4/metadata', { 'accept-encoding': 'gzip' });
      expect(uidsOf(JSON.parse(gunzipSync(bytes).toString()) as DataSet[])).toEqual(
        many.map((_, index) => `4.1.${index}`),
      );
    }
  });

  it('need no update of a cache', async () => {
    const answer = await reading.ask('/studies/whatever/update-dicomweb-cache', {});
    expect(answer).toEqual({ status: 200, json: {} });
  });

  it('are the main tags alone, where that is configured, but of one instance all', async () => {
    await restart({ StudiesMetadata: 'MainDicomTags' });
    const [first] = (await ask('1/metadata')).json();
    expect(Object.keys(first!)).toEqual(['00080018', '00100010', '00100020', '0020000D', '0020000E']);
    expect((await ask('1/series/1.1/metadata')).json()[0]).toHaveProperty('00280010');
    expect((await ask('1/series/1.1/instances/1.1.1/metadata')).json()[0]).toHaveProperty('00280010');
  });

  it('have what the majority of some instances agrees about, where that is configured', async () => {
    await restart({ SeriesMetadata: 'Extrapolate', StudiesMetadata: 'Extrapolate' });
    for (const path of ['1/series/1.1/metadata', '1/metadata']) {
      const inSeries = (await ask(path)).json().slice(0, 3);
      expect(inSeries.map((each) => each['00280010']?.Value)).toEqual([[512], [512], [512]]);
      // one of three has it
      expect(inSeries[0]).not.toHaveProperty('00280011');
    }
    expect((await ask('1/series/1.2/metadata')).json()[0]).toMatchObject({ '00280010': { Value: [7] } });
  });
});
