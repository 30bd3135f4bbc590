import type { Job, JobJson } from '@annal/domain';
import { sampleFile } from '../../../../../test/support/sample-study.js';
import { until } from '../../../../../test/support/processes.js';
import { JobTypes } from '../../jobs/job-types.js';
import { startWritingApp, type Answer, type WritingApp } from '../../rest/testing/writing-app.js';
import { FakeServer, PARTS, partsOf } from './testing/fake-server.js';

const SERVERS = '/dicom-web/servers';
/** Of requests that jobs make. */
const SECRET = 'session=0451-of-a-job';
const RELATIVE = '.././../jobs/';
const file = (series: number, instance: number): Buffer =>
  sampleFile({ patient: 'P', study: 1, series, instance }).bytes;

interface Shown {
  readonly State: string;
  readonly Type: string;
  readonly Priority: number;
  readonly Content: Readonly<Record<string, unknown>>;
  readonly ErrorCode: number;
  readonly ErrorDetails: string;
}

describe('the client of other DICOMweb servers', () => {
  let annal: WritingApp;
  let other: FakeServer;
  const ids: Record<string, string>[] = [];
  beforeAll(async () => {
    other = await FakeServer.start();
    annal = await startWritingApp({
      DicomWeb: {
        StowMaxInstances: 2,
        Servers: {
          plain: [`${other.url}/dicom-web`],
          full: {
            Url: `${other.url}/dicom-web/`,
            Username: 'u',
            Password: 'p',
            HasDelete: true,
            ChunkedTransfers: false,
            HasWadoRsUniversalTransferSyntax: false,
            HttpHeaders: { Token: 'secret', Shared: 'server' },
            Own: 12,
          },
        },
      },
      Annal: { DicomWebClientRequests: 2, Limits: { MaxJobResources: 5 } },
    });
    for (const [series, instance] of [
      [1, 1],
      [1, 2],
      [2, 1],
    ] as const) {
      ids.push((await annal.send('POST', '/instances', file(series, instance))).json as Record<string, string>);
    }
  });
  afterAll(async () => {
    await annal.close();
    await other.close();
  });
  beforeEach(() => void other.seen.splice(0));

  const post = (path: string, body: unknown): Promise<Answer> =>
    annal.send('POST', SERVERS + path, JSON.stringify(body));
  const ended = async (answer: Answer): Promise<Shown> => {
    const { ID, Path } = answer.json as { ID: string; Path: string };
    expect(Path).toBe(RELATIVE + ID);
    let shown: Shown | undefined;
    await until(async () => {
      shown = (await annal.send('GET', `/jobs/${ID}`)).json as Shown;
      return shown.State === 'Success' || shown.State === 'Failure';
    });
    return shown!;
  };
  const stored = (count: number): string => JSON.stringify({ '00081199': { vr: 'SQ', Value: Array(count).fill({}) } });

  it('lists them, changes them, and shows no secrets', async () => {
    expect((await annal.send('GET', SERVERS)).json).toEqual(['full', 'plain']);
    expect((await annal.send('PUT', `${SERVERS}/a%20b`, '["http://h", "me", "secret"]')).json).toEqual({});
    const expanded = await annal.send('GET', `${SERVERS}?expand`);
    expect(expanded.headers.get('content-type')).toBe('application/json');
    expect(expanded.json).toMatchObject({
      'a b': { Url: 'http://h/', Username: 'me', Password: null },
      full: { HasDelete: '1', ChunkedTransfers: '0', HttpHeaders: ['Shared', 'Token'], Own: '12', Password: null },
      plain: { HttpHeaders: [], Pkcs11: false, Timeout: 0, Url: `${other.url}/dicom-web/` },
    });
    expect(expanded.text).not.toContain('secret');
    expect((await annal.send('GET', `${SERVERS}/plain`)).json).toEqual(['get', 'retrieve', 'stow', 'wado', 'qido']);
    expect((await annal.send('GET', `${SERVERS}/full`)).json).toContain('delete');
    expect((await annal.send('DELETE', `${SERVERS}/a%20b`)).json).toEqual({});
    expect((await annal.send('DELETE', `${SERVERS}/a%20b`)).status).toBe(400);
    expect((await annal.send('GET', `${SERVERS}/a%20b`)).status).toBe(404);
    const wrong = JSON.stringify({ Url: 'http://h', HttpHeaders: { a: 'b\r\nc: d' } });
    expect((await annal.send('PUT', `${SERVERS}/a%20b`, wrong)).status).toBe(400);
    for (const path of ['get', 'qido']) expect((await post(`/a%20b/${path}`, { Uri: '/' })).status).toBe(404);
    expect((await post('/a%20b/stow', { Resources: [] })).status).toBe(404);
  });

  it('hands answers on with their headers, and sends its own: those of the request win', async () => {
    const theirs = { 'Content-Security-Policy': "script-src 'unsafe-inline'" };
    other.says(206, 'bytes', 'image/png', {
      ...theirs,
      'X-Own': 'yes',
      Connection: 'close',
    });
    const body = {
      Uri: '//studies',
      Arguments: { PatientName: "Ö*'", limit: '1' },
      HttpHeaders: { shared: 'request' },
    };
    const answer = await post('/full/get', body);
    expect([answer.status, answer.text, answer.headers.get('x-own')]).toEqual([200, 'bytes', 'yes']);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(other.seen).toMatchObject([
      {
        method: 'GET',
        url: '/dicom-web/studies?PatientName=%C3%96%2A%27&limit=1',
        headers: { token: 'secret', shared: 'request', authorization: 'Basic dTpw', accept: '*/*' },
      },
    ]);
  });

  it.each<[string, string | string[]]>([
    ['Set-Cookie', ['a=b', 'c=d']],
    ['Set-Cookie2', 'a=b'],
    ['Refresh', '0; url=http://other.example'],
    ['Clear-Site-Data', '"*"'],
    ['Strict-Transport-Security', 'max-age=9'],
    ['Content-Security-Policy-Report-Only', 'report-uri http://other.example'],
    ['NEL', '{"report_to":"x","max_age":9}'],
    ['Report-To', '{"group":"x","max_age":9}'],
    ['Reporting-Endpoints', 'x="http://other.example"'],
    ['Service-Worker-Allowed', '/'],
    ['WWW-Authenticate', 'Basic realm="x"'],
    ['Access-Control-Allow-Origin', '*'],
    ['Cross-Origin-Resource-Policy', 'cross-origin'],
    ['Vary', 'X-Other'],
    ['X-Accel-Redirect', '/internal'],
    ['X-Sendfile', '/etc/hosts'],
  ])(
    "keeps %s of another server's answer from browsers and proxies, for which it would be its own",
    async (name, value) => {
      other.says(200, 'bytes', 'image/png', { [name]: value });
      const answer = await post('/plain/get', { Uri: '/x' });
      expect([answer.status, answer.text, answer.headers.get(name)]).toEqual([200, 'bytes', null]);
    },
  );

  it('leaves nobody to guess the media type of what another server says, whatever that says', async () => {
    other.says(200, 'bytes', 'image/png', { 'X-Content-Type-Options': 'guess', 'X-Frame-Options': 'DENY' });
    const { headers } = await post('/plain/get', { Uri: '/x' });
    expect([headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual(['nosniff', 'DENY']);
  });

  it.each<readonly [object, RegExp]>([
    [{}, /field "Uri"/],
    [[], /field "Uri"/],
    [{ Uri: 1 }, /should be a string/],
    [{ Uri: 'a?b=c' }, /explicit "\?" is disallowed/],
    ...['../x', 'studies/../../x', './x', 'a/..', '%2e%2E/x', 'a/.%2e/x', 'a\\..\\x', 'a/..#', '.\t./x', 'a/.. '].map(
      (Uri) => [{ Uri }, /would leave/] as const,
    ),
    [{ Uri: 'a', Arguments: { b: 1 } }, /"b" in the associative array is not a string/],
    [{ Uri: 'a', Arguments: [] }, /not a JSON associative array/],
    [{ Uri: 'a', HttpHeaders: { 'b\r\nc': 'd' } }, /no header of HTTP/],
    [{ Uri: 'a', HttpHeaders: { b: 'c\nd' } }, /no header of HTTP/],
    [{ Uri: 'a', HttpHeaders: { 'Content-Length': '3' } }, /cannot be set/],
  ])('refuses %j', async (body, details) => {
    for (const path of ['get', 'qido', 'wado']) {
      const { status, json } = await post(`/plain/${path}`, body);
      expect([status, (json as { Details: string }).Details]).toEqual([400, expect.stringMatching(details)]);
    }
    expect(other.seen).toEqual([]);
  });

  it.each([
    [400, 400, 8],
    [401, 401, 29],
    [403, 401, 29],
    [404, 404, 17],
    [500, 500, 9],
  ])('answers a status of %d with %d', async (status, own, code) => {
    other.says(status, 'secret words');
    const answers = [
      await post('/full/get', { Uri: 'x' }),
      await post('/full/qido', { Uri: 'x' }),
      await post('/full/delete', { Level: 'Study', StudyInstanceUID: '1' }),
    ];
    for (const answer of answers) {
      expect([answer.status, (answer.json as { OrthancStatus: number }).OrthancStatus]).toEqual([own, code]);
      expect(answer.text).not.toContain('secret');
    }
  });

  it('flattens what QIDO-RS answers', async () => {
    other.says(
      200,
      JSON.stringify([
        {
          '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A^B' }] },
          '0020000d': { vr: 'UI', Value: ['1.2', '1.3'] },
          '00280030': { vr: 'DS', Value: [0.5] },
          '00081115': { vr: 'SQ', Value: [{}] },
          '00091001': { vr: 'LO', Value: ['private'] },
          '00201208': { vr: 'IS', Value: [3] },
          '0008': { vr: 'CS' },
        },
      ]),
    );
    expect((await post('/plain/qido', { Uri: '/studies' })).json).toEqual([
      {
        '00100010': { Element: 0x10, Group: 0x10, Name: 'PatientName', Value: 'A^B', vr: 'PN' },
        '0020000d': { Element: 0xd, Group: 0x20, Name: 'StudyInstanceUID', Value: '1.2', vr: 'UI' },
        '00280030': { Element: 0x30, Group: 0x28, Name: 'PixelSpacing', vr: 'DS' },
        '00081115': { Element: 0x1115, Group: 8, Name: 'ReferencedSeriesSequence', vr: 'SQ' },
        '00091001': { Element: 0x1001, Group: 9, Name: 'Unknown Tag & Data', Value: 'private', vr: 'LO' },
        '00201208': { Element: 0x1208, Group: 0x20, Name: 'NumberOfStudyRelatedInstances', Value: 3, vr: 'IS' },
      },
    ]);
    other.says(204);
    expect((await post('/plain/qido', { Uri: '/studies' })).json).toEqual([]);
    for (const [text, status] of [
      ['x', 400],
      ['', 400],
      ['{}', 500],
      ['[3]', 500],
      ['[{"00100010":3}]', 500],
    ] as const) {
      other.says(200, text);
      expect([text, (await post('/plain/qido', { Uri: '/studies' })).status]).toEqual([text, status]);
    }
  });

  it('has deleted what the body names, where the server allows it', async () => {
    const [study, series, instance] = ['1.2', '1.3', '1.4'];
    const body = { StudyInstanceUID: study, SeriesInstanceUID: series, SOPInstanceUID: instance };
    for (const Level of ['Study', 'series', 'Instance']) {
      expect((await post('/full/delete', { Level, ...body })).json).toEqual({});
    }
    expect(other.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'DELETE /dicom-web/studies/1.2',
      'DELETE /dicom-web/studies/1.2/series/1.3',
      'DELETE /dicom-web/studies/1.2/series/1.3/instances/1.4',
    ]);
    expect((await post('/plain/delete', { Level: 'Study', ...body })).json).toMatchObject({
      Details: expect.stringContaining('HasDelete') as string,
      HttpStatus: 400,
    });
    const bodies = [{}, { Level: 'Study' }, { Level: 'Patient', ...body }, { Level: 'Foo', ...body }];
    for (const wrong of [...bodies, { Level: 'Series', StudyInstanceUID: study }]) {
      expect((await post('/full/delete', wrong)).status).toBe(400);
    }
  });

  it.each(['', '.', '..'])('deletes and retrieves nothing above what a UID means that is none: "%s"', async (none) => {
    const [study, series, instance] = ['1.2', '1.3', '1.4'];
    const uids = { StudyInstanceUID: study, SeriesInstanceUID: series, SOPInstanceUID: instance };
    for (const [Level, wrong] of [
      ['Study', { StudyInstanceUID: none }],
      ['Series', { SeriesInstanceUID: none }],
      ['Instance', { SeriesInstanceUID: none }],
      ['Instance', { SOPInstanceUID: none }],
    ] as const) {
      expect((await post('/full/delete', { Level, ...uids, ...wrong })).status).toBe(400);
    }
    if (none !== '') {
      for (const Resource of [{ Study: none }, { Study: study, Series: none }]) {
        expect((await post('/full/retrieve', { Resources: [Resource] })).status).toBe(400);
      }
    }
    expect(other.seen).toEqual([]);
  });

  it('sends each instance once, in several requests at once, and shows it as Orthanc does', async () => {
    other.answer = ({ body }, response) => void response.end(stored(body.toString('latin1').split('DICM').length - 1));
    const { ID: instance, ParentStudy: study, ParentSeries: series } = ids[0]!;
    const answer = await post('/plain/stow', { Resources: [study, instance, study], HttpHeaders: { Cookie: SECRET } });
    expect(answer.json).toMatchObject({ InstancesCount: '3', NetworkSizeMB: '0', Server: 'plain' });
    const { Resources } = answer.json as { Resources: Record<string, string[]> };
    expect(Resources).toEqual({
      Studies: [study],
      Instances: expect.arrayContaining(ids.map(({ ID }) => ID)) as string[],
    });
    expect(Resources.Instances).toHaveLength(3);
    expect(other.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(2).fill('POST /dicom-web/studies'));
    for (const { headers } of other.seen) {
      expect(headers).toMatchObject({
        accept: 'application/dicom+json',
        'transfer-encoding': 'chunked',
        cookie: SECRET,
      });
      expect(headers['content-type']).toMatch(/^multipart\/related; type="application\/dicom"; boundary=/);
    }
    const sent = Buffer.concat(other.seen.map(({ body }) => body));
    for (const one of [file(1, 1), file(1, 2), file(2, 1)]) expect(sent.indexOf(one)).toBe(sent.lastIndexOf(one));
    const asked = await post('/full/stow', { Resources: [series], Synchronous: false, Priority: 7 });
    const job = await ended(asked);
    expect(job).toMatchObject({ State: 'Success', Type: 'DicomWebStowClient', Priority: 7 });
    const { headers, body } = other.seen.at(-1)!;
    expect(headers['content-length']).toBe(String(body.length));
    const trace = `SELECT protocol, outcome, instances, bytes FROM exports WHERE id = '${(asked.json as { ID: string }).ID}'`;
    const [rows] = await annal.execute(trace);
    expect(rows).toEqual([{ protocol: 'stow-rs', outcome: 'success', instances: 2, bytes: body.length }]);
  });

  it('orders to send name each resource once, as ten thousand twice are more than Kafka takes at once', async () => {
    other.answer = ({ body }, response) => void response.end(stored(body.toString('latin1').split('DICM').length - 1));
    const asked = [ids[0]!.ParentStudy!, ids[0]!.ID!];
    const { json } = await post('/plain/stow', { Resources: asked });
    const { Resources } = json as { Resources: Record<string, string[]> };
    expect([Resources.Studies, Resources.Instances?.toSorted()]).toEqual([[asked[0]], ids.map(({ ID }) => ID!).sort()]);
    const [[row] = []] = await annal.execute('SELECT job FROM jobs ORDER BY key DESC LIMIT 1');
    const { below, ...parameters } = (row!.job as { parameters: Record<string, JobJson> }).parameters;
    for (const { ID } of ids) expect(JSON.stringify([below, parameters]).split(ID!)).toHaveLength(2);
    // as orders were before
    const former = { ...parameters, ids: asked, resources: Resources };
    const type = annal.get(JobTypes).get('DicomWebStowClient')!;
    other.seen.length = 0;
    const job = { ...(row!.job as Job), parameters: former, memory: null };
    expect(type.shown!(job)).toMatchObject({ Resources });
    const { outputs } = await type.step(job, { signal: new AbortController().signal });
    expect([outputs, other.seen.length]).toEqual([{}, 2]);
  });

  it('sends files as they are read where they are too large for memory, in requests of their own', async () => {
    const large = [1, 2].map((instance) => sampleFile({ patient: 'L', study: 1, series: 1, instance }, 9_000_000));
    for (const { bytes } of large) await annal.send('POST', '/instances', bytes);
    other.answer = (_, response) => void response.end(stored(1));
    const { json } = await post('/full/stow', { Resources: [large[0]!.ids.study] });
    expect(json).toMatchObject({ InstancesCount: '2', NetworkSizeMB: '17' });
    const sent = other.seen.map(({ headers, body }) => [Number(headers['content-length']), body] as const);
    expect(sent).toHaveLength(2);
    for (const { bytes } of large) expect(sent.some(([, body]) => body.includes(bytes))).toBe(true);
    for (const [length, body] of sent) expect(length).toBe(body.length);
    await annal.send('DELETE', `/patients/${large[0]!.ids.patient}`);
  });

  it.each([
    [{}, 400],
    [[], 400],
    [{ Resources: 'x' }, 400],
    [{ Resources: [3] }, 400],
    [{ Resources: ['nope'] }, 404],
    [{ Resources: ['1', '2', '3', '4', '5', '6'] }, 413],
    [{ Resources: [], HttpHeaders: { Host: 'x' } }, 400],
    [{ Resources: [], Synchronous: 'x' }, 400],
  ])('does not send %j', async (body, status) => {
    expect((await post('/plain/stow', body)).status).toBe(status);
    expect(other.seen).toEqual([]);
  });

  it('retrieves what is named by UIDs, and stores it', async () => {
    const own = [
      sampleFile({ patient: 'Q', study: 2, series: 1, instance: 1 }),
      sampleFile({ patient: 'Q', study: 2, series: 1, instance: 2 }),
    ];
    other.says(200, partsOf(own.map(({ bytes }) => bytes)), PARTS);
    const resources = [{ Study: '1' }, { Study: '1', Series: '2' }, { Study: '1', Series: '2', Instance: '3/4' }];
    const request = { Resources: resources, Arguments: { a: 'b c' }, HttpHeaders: { Cookie: SECRET } };
    const { json } = await post('/plain/retrieve', request);
    expect(json).toMatchObject({ NetworkUsageMB: '0', ReceivedInstancesCount: '6' });
    const { ReceivedInstances } = json as { ReceivedInstances: string[] };
    expect(ReceivedInstances).toHaveLength(2);
    for (const [index, id] of ReceivedInstances.entries()) {
      const { bytes } = await annal.send('GET', `/instances/${id}/file`);
      expect(own[index]!.bytes.equals(bytes)).toBe(true);
      expect((await annal.send('GET', `/instances/${id}/metadata/Origin`)).text).toBe('Plugins');
    }
    expect(other.seen.map(({ url }) => url).sort()).toEqual([
      '/dicom-web/studies/1/series/2/instances/3%2F4?a=b%20c',
      '/dicom-web/studies/1/series/2?a=b%20c',
      '/dicom-web/studies/1?a=b%20c',
    ]);
    expect(other.seen[0]!.headers).toMatchObject({
      accept: 'multipart/related; type="application/dicom"; transfer-syntax=*',
      cookie: SECRET,
    });
    const job = await ended(await post('/full/wado', { Uri: '/studies/1', Arguments: { a: 'b' } }));
    expect(job).toMatchObject({
      Type: 'DicomWebWadoRetrieveClient',
      Content: { ReceivedInstancesCount: '2', Server: 'full' },
    });
    const last = other.seen.at(-1)!;
    expect([last.url, last.headers.accept]).toEqual([
      '/dicom-web/studies/1?a=b',
      'multipart/related; type="application/dicom"',
    ]);
  });

  it('keeps the headers of jobs sealed in the read models', async () => {
    other.says(200, partsOf([file(1, 1)]), PARTS);
    for (const [path, what] of [
      ['/plain/stow', { Resources: [ids[0]!.ID] }],
      ['/plain/retrieve', { Resources: [{ Study: '1' }] }],
      ['/plain/wado', { Uri: '/studies/1' }],
    ] as const) {
      const asked = await post(path, { ...what, HttpHeaders: { Cookie: SECRET }, Synchronous: false });
      await ended(asked);
      expect(other.seen.at(-1)!.headers.cookie).toBe(SECRET);
      const [rows] = await annal.execute(
        `SELECT job::text AS text FROM jobs WHERE id = '${(asked.json as { ID: string }).ID}'`,
      );
      const [{ text } = { text: '' }] = rows as { text: string }[];
      expect(text).toMatch(/"sealedHeaders":/);
      expect(text).not.toContain(SECRET);
    }
  });

  it.each([
    [{}, 400],
    [[], 400],
    [{ Resources: {} }, 400],
    [{ Resources: ['1'] }, 400],
    [{ Resources: [{}] }, 400],
    [{ Resources: [{ Study: 3 }] }, 400],
    [{ Resources: [{ Series: '2' }] }, 400],
    [{ Resources: [{ Study: '1', Instance: '3' }] }, 400],
    [{ Resources: Array(6).fill({ Study: '1' }) }, 413],
  ])('does not retrieve %j', async (body, status) => {
    expect((await post('/plain/retrieve', body)).status).toBe(status);
    expect(other.seen).toEqual([]);
  });
});
