import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { GoogleStandIn, STORE } from '../../../../test/support/google-stand-in.js';
import { until } from '../../../../test/support/processes.js';
import { sampleFile } from '../../../../test/support/sample-study.js';
import { type Answer, startWritingApp, type WritingApp } from '../rest/testing/writing-app.js';

const SERVERS = '/dicom-web/servers';
const file = (instance: number): Buffer => sampleFile({ patient: 'P', study: 1, series: 1, instance }).bytes;

describe('a DICOM store of Google Cloud Platform', () => {
  let google: GoogleStandIn;
  let annal: WritingApp;
  let folder: string;
  beforeAll(async () => {
    google = await GoogleStandIn.start();
    google.lifetime = 2;
    folder = mkdtempSync(join(tmpdir(), 'annal-google-'));
    const path = (name: string, content: object): string => {
      writeFileSync(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const { user, serviceAccount, baseUrl } = google;
    annal = await startWritingApp({
      DicomWeb: { Servers: { other: ['http://127.0.0.1:9/'] } },
      GoogleCloudPlatform: {
        BaseUrl: baseUrl,
        Accounts: {
          store: { ...STORE, ServiceAccountFile: path('service.json', serviceAccount) },
          refused: { ...STORE, AuthorizedUserFile: path('user.json', { ...user, refresh_token: 'old' }) },
        },
      },
      Annal: { DicomWebClientRequests: 1 },
    });
  });
  afterAll(async () => {
    await annal.close();
    await google.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => void google.served.splice(0));
  const post = (path: string, body: object): Promise<Answer> =>
    annal.send('POST', `${SERVERS}/${path}`, JSON.stringify(body));

  it('is a DICOMweb server like others, whose token nobody sees', async () => {
    expect((await annal.send('GET', SERVERS)).json).toEqual(['other', 'refused', 'store']);
    expect((await annal.send('GET', `${SERVERS}/store`)).json).toContain('delete');
    await post('store/get', { Uri: '/studies' });
    const expanded = await annal.send('GET', `${SERVERS}?expand`);
    expect((expanded.json as Record<string, unknown>).store).toEqual({
      HasDelete: '1',
      HttpHeaders: ['Authorization'],
      Pkcs11: false,
      Timeout: 0,
      Url: `${google.baseUrl}projects/p/locations/europe-west2/datasets/d/dicomStores/s/dicomWeb/`,
    });
    const events = await annal.send('GET', '/events');
    for (const secret of google.secrets) expect(expanded.text + events.text).not.toContain(secret);
  });

  it('is changed in the configuration alone', async () => {
    for (const method of ['PUT', 'DELETE']) {
      const answer = await annal.send(method, `${SERVERS}/store`, method === 'PUT' ? '["http://h/"]' : undefined);
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('GoogleCloudPlatform') as string]);
    }
    expect((await annal.send('GET', SERVERS)).json).toContain('store');
  });

  it('is searched, sent to and deleted from, with tokens that are renewed meanwhile', async () => {
    const first = google.tokens.length;
    google.answer = (_request, _path, response) =>
      void response.writeHead(200, { 'content-type': 'application/dicom+json' }).end('[{"00100010":{"vr":"PN"}}]');
    expect((await post('store/qido', { Uri: '/studies', Arguments: { limit: '1' } })).status).toBe(200);
    await until(() => google.tokens.length > first);
    expect((await post('store/delete', { Level: 'Study', StudyInstanceUID: '1.2' })).status).toBe(200);
    const { json } = await annal.send('POST', '/instances', file(1));
    google.answer = async (request, _path, response) => {
      await buffer(request);
      const references = { '00081199': { vr: 'SQ', Value: [{}] } };
      response.writeHead(200, { 'content-type': 'application/dicom+json' }).end(JSON.stringify(references));
    };
    expect((await post('store/stow', { Resources: [(json as { ID: string }).ID] })).status).toBe(200);
    expect(google.served.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /studies?limit=1',
      'DELETE /studies/1.2',
      'POST /studies',
    ]);
    expect(new Set(google.served.map(({ token }) => token)).size).toBeGreaterThan(1);
    expect(google.turnedAway).toBe(0);
  });

  it('goes on to be retrieved from by a job that takes longer than a token lasts', async () => {
    google.answer = async (_request, path, response) => {
      // until the token that it was asked with has been renewed
      const { length } = google.tokens;
      await until(() => google.tokens.length > length);
      const head = `--b\r\nContent-Type: application/dicom\r\n\r\n`;
      const body = Buffer.concat([
        Buffer.from(head),
        file(Number(path.split('.').at(-1))),
        Buffer.from('\r\n--b--\r\n'),
      ]);
      response.writeHead(200, { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' }).end(body);
    };
    const Resources = [11, 12, 13].map((number) => ({ Study: `1.${number}` }));
    const answer = await post('store/retrieve', { Resources });
    expect(answer.json).toMatchObject({ ReceivedInstancesCount: '3' });
    expect(new Set(google.served.map(({ token }) => token)).size).toBe(3);
    expect(google.turnedAway).toBe(0);
  });

  it("without a token is an error that says why, and nobody else's", async () => {
    const answer = await post('refused/qido', { Uri: '/studies' });
    expect([answer.status, answer.text]).toEqual([500, expect.stringContaining('invalid_grant') as string]);
    expect(answer.text).not.toContain('refresh_token');
    google.answer = (_request, _path, response) => void response.end('[]');
    expect((await post('store/qido', { Uri: '/studies' })).status).toBe(200);
  });
});
