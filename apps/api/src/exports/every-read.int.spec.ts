import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../../../../libs/dicom/src/testing/index.js';
import { until } from '../../../../test/support/processes.js';
import { startWritingApp, type WritingApp } from '../rest/testing/writing-app.js';

type Row = Readonly<Record<string, unknown>>;

/** Of what is stored, these hand out no file, no pixel data and no value of a file that is asked for. */
const NOTHING = [
  // lists, and what the database knows
  /^GET \/(patients|studies|series|instances)(\/x)?$/,
  /^GET \/(patients|studies|series|instances)\/x\/(patient|study|studies|series|instances|statistics|protected)$/,
  /^GET \/(patients|studies|series|instances)\/x\/(metadata|labels)(\/x)?$/,
  /^GET \/series\/x\/ordered-slices$/,
  /^GET \/instances\/x\/(frames|frames\/x|content)$/,
  /^GET \/dicom-web\/(studies\/x\/|studies\/x\/series\/x\/)?(studies|series|instances)$/,
  /^GET \/dicom-web\/studies\/x\/series\/x\/instances\/x\/frames$/,
  // tags
  /^GET \/(patients|studies|series|instances)\/x\/(module|module-patient|shared-tags|instances-tags)$/,
  /^GET \/instances\/x\/(tags|simplified-tags|header)$/,
  // attachments, but for their bytes
  /^GET \/\w+\/x\/attachments(\/x)?$/,
  /^GET \/\w+\/x\/attachments\/x\/(size|md5|compressed-size|compressed-md5|is-compressed|info)$/,
  // what has a trace of its own
  /^(GET|POST) \/(patients|studies|series)\/x\/(archive|media)$/,
  // what changes something, or checks it
  /^(PUT|DELETE) /,
  /^POST \/(instances|dicom-web\/studies(\/x)?)$/,
  /^POST \/\w+\/x\/(reconstruct|update-dicomweb-cache|attachments\/x\/(compress|uncompress|verify-md5))$/,
  /^(OPTIONS|HEAD) /,
];

describe('every route that hands out an image', () => {
  let annal: WritingApp;
  let folder: string;
  let ids: Readonly<Record<string, string>>;
  /** As `GET /instances/x/file`, of those about what is stored. */
  let routes: readonly string[];
  const dicomWeb = ['1.2', '1.2.3', '1.2.3.4'];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'annal-test-'));
    annal = await startWritingApp({
      RestApiWriteToFileSystemEnabled: true,
      UserContentType: { report: [2000, 'application/zip'] },
      Annal: { Exports: { Reads: ['wado-rs', 'wado-uri', 'ohif', 'file'], ReadsInterval: 0.02 } },
    });
    const { json } = await annal.send(
      'POST',
      '/instances',
      buildImage({
        studyUid: '1.2',
        seriesUid: '1.2.3',
        sopUid: '1.2.3.4',
        // a picture that has a document in it as well
        sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1',
        instanceNumber: 1,
        rows: 2,
        columns: 2,
        pixelBytes: Buffer.alloc(8),
        extra: [
          [0x00420011, 'OB', Buffer.from('%PDF-1.4')],
          [0x00420012, 'LO', 'application/pdf'],
        ],
      }),
    );
    const { ID, ParentPatient, ParentStudy, ParentSeries } = json as Record<string, string>;
    ids = { instances: ID!, patients: ParentPatient!, studies: ParentStudy!, series: ParentSeries! };
    for (const [level, id] of Object.entries(ids)) {
      expect((await annal.send('PUT', `/${level}/${id}/attachments/report`, 'zip')).status).toBe(200);
    }
    const document = (await annal.send('GET', '/swagger.json')).json as { paths: Record<string, object> };
    routes = Object.entries(document.paths)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
      .map((route) => route.replaceAll(/\{[^}]*\}/g, 'x'))
      .filter((route) =>
        /^\w+ \/(patients|studies|series|instances|dicom-web\/(studies|series|instances))\b/.test(route),
      )
      .filter((route) => !NOTHING.some((nothing) => nothing.test(route)));
  });
  afterAll(async () => {
    await annal.close();
    await rm(folder, { recursive: true });
  });

  const report = async (): Promise<readonly Row[]> =>
    ((await annal.send('GET', '/exports/report')).json as { Exports: Row[] }).Exports;

  /** A request for something that is there. */
  function filled(route: string): readonly [method: string, path: string] {
    const [method, path] = route.split(' ') as [string, string];
    if (path.startsWith('/dicom-web/')) {
      const uids = dicomWeb.values();
      const named = path
        .replaceAll(/(studies|series|instances)\/x/g, (_, level: string) => `${level}/${uids.next().value}`)
        .replace('/frames/x', '/frames/1')
        .replace('/bulk/x', '/bulk/7fe00010');
      return [method, named];
    }
    const [, level] = path.split('/');
    const named = path
      .replace('/x', `/${ids[level!]}`)
      .replace('/attachments/x', '/attachments/report')
      .replace('/frames/x', '/frames/0')
      .replace('/content/x', '/content/7fe0-0010');
    return [method, named];
  }

  async function traced(method: string, path: string, headers: Record<string, string> = {}): Promise<readonly Row[]> {
    const before = (await report()).length;
    const body = method === 'POST' ? join(folder, 'a.dcm') : undefined;
    const { status } = await annal.send(method, path, body, headers);
    expect([path, status]).toEqual([path, 200]);
    let rows: readonly Row[] = [];
    await until(async () => (rows = (await report()).slice(before)).length > 0);
    return rows;
  }

  it('leaves a row', async () => {
    expect(routes).toEqual(
      expect.arrayContaining([
        'GET /instances/x/file',
        'POST /instances/x/export',
        'GET /instances/x/frames/x/raw',
        'GET /dicom-web/studies/x/series/x/instances/x/rendered',
        'GET /patients/x/attachments/x/compressed-data',
      ]),
    );
    for (const route of routes) {
      const [method, path] = filled(route);
      const [row] = await traced(method, path, { Accept: '*/*' });
      const level = path.startsWith('/dicom-web/') ? undefined : path.split('/')[1]!;
      expect([route, row]).toEqual([
        route,
        expect.objectContaining({ Outcome: 'success', ...(level !== undefined && { ID: ids[level] }) }),
      ]);
    }
  });

  it('leaves one of the file as an attachment, and by WADO-URI', async () => {
    const wado = '/wado?requestType=WADO&studyUID=1.2&seriesUID=1.2.3&objectUID=1.2.3.4';
    const attachments = ['data', 'compressed-data'].map(
      (bytes) => `/instances/${ids.instances}/attachments/dicom/${bytes}`,
    );
    for (const path of [...attachments, wado]) {
      expect(await traced('GET', path)).toMatchObject([{ ID: ids.instances, InstancesCount: 1, Outcome: 'success' }]);
    }
  });
});
