import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { makeCertificate } from '../../../../../test/support/certificate.js';
import { type Orthanc, orthancWith } from '../../../../../test/support/orthanc.js';
import { type SampleFile, sampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp, type Answer, type WritingApp } from '../../rest/testing/writing-app.js';

const orthanc = await orthancWith('the client against Orthanc behind HTTPS, a client certificate and a password', {
  AuthenticationEnabled: true,
  RegisteredUsers: { alice: 'secret' },
});
const own = makeCertificate();
const mine = makeCertificate();
const keyFile = join(dirname(mine.file), 'mine.key');
writeFileSync(keyFile, mine.key);

/** In front of another server: HTTPS, for those alone who have the client certificate. */
async function front(url: string): Promise<Server> {
  const { cert, key } = own;
  const server = createServer({ cert, key, ca: mine.cert, requestCert: true, rejectUnauthorized: true }, (secure) => {
    const plain = connect(Number(new URL(url).port), '127.0.0.1');
    secure.on('error', () => plain.destroy()).pipe(plain);
    plain.on('error', () => secure.destroy()).pipe(secure);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

(orthanc ? describe : describe.skip)('the DICOMweb client against the real server', () => {
  const real = orthanc as Orthanc;
  const files = Array.from({ length: 30 }, (_, index) =>
    sampleFile({ patient: 'CLIENT', study: 1, series: 1 + (index % 3), instance: index }, 100_000),
  );
  const study = files[0]!.ids.study;
  let annal: WritingApp;
  let secured: Server;
  let studyUid: string;
  beforeAll(async () => {
    secured = await front(real.url);
    const server = {
      Url: `https://localhost:${(secured.address() as AddressInfo).port}/dicom-web/`,
      Username: 'alice',
      Password: 'secret',
      CertificateFile: mine.file,
      CertificateKeyFile: keyFile,
    };
    annal = await startWritingApp({
      HttpsCACertificates: own.file,
      DicomWeb: {
        StowMaxInstances: 4,
        Servers: {
          good: server,
          whole: { ...server, ChunkedTransfers: false, HasWadoRsUniversalTransferSyntax: false },
          wrong: { ...server, Password: 'wrong' },
          uncertified: { ...server, CertificateFile: undefined, CertificateKeyFile: undefined },
          stranger: { ...server, Url: server.Url.replace('localhost', '127.0.0.1') },
        },
      },
    });
  });
  beforeEach(async () => {
    for (const { bytes } of files) await annal.send('POST', '/instances', bytes);
    const { json } = await annal.send('GET', `/studies/${study}`);
    studyUid = (json as { MainDicomTags: Record<string, string> }).MainDicomTags.StudyInstanceUID!;
  });
  afterAll(async () => {
    await annal?.close();
    secured?.close();
    await real.stop();
    own.remove();
    mine.remove();
  });

  const post = (path: string, body: object): Promise<Answer> =>
    annal.send('POST', `/dicom-web/servers/${path}`, JSON.stringify(body));
  const isThere = async ({ ids, bytes }: SampleFile): Promise<boolean> =>
    (await annal.send('GET', `/instances/${ids.instance}/file`)).bytes.equals(bytes);

  it.each(['good', 'whole'])('sends a study, finds it, and retrieves it, byte by byte: %s', async (server) => {
    const sent = await post(`${server}/stow`, { Resources: [study] });
    expect([sent.status, sent.json]).toMatchObject([200, { InstancesCount: '30', Server: server }]);
    const found = await post(`${server}/qido`, { Uri: '/studies', Arguments: { StudyInstanceUID: studyUid } });
    expect(found.json).toMatchObject([{ '0020000D': { Value: studyUid }, '00201208': { Value: 30 } }]);
    await annal.send('DELETE', `/studies/${study}`);
    const retrieved = await post(`${server}/retrieve`, { Resources: [{ Study: studyUid }] });
    expect([retrieved.status, retrieved.json]).toMatchObject([200, { ReceivedInstancesCount: '30' }]);
    for (const file of files) expect(await isThere(file)).toBe(true);
    const metadata = await post(`${server}/get`, { Uri: `/studies/${studyUid}/metadata` });
    expect(metadata.headers.get('content-type')).toBe('application/dicom+json');
    expect(metadata.json).toHaveLength(30);
  });

  it.each([
    ['wrong', /HTTP status 401/, 401],
    ['uncertified', /./, 500],
    ['stranger', /No trusted connection/, 500],
  ])('says what is wrong with a server: %s', async (server, words, status) => {
    const sent = await post(`${server}/stow`, { Resources: [study] });
    expect([sent.status, (sent.json as { Details: string }).Details]).toEqual([500, expect.stringMatching(words)]);
    const retrieved = await post(`${server}/retrieve`, { Resources: [{ Study: studyUid }] });
    expect([retrieved.status, (retrieved.json as { Details: string }).Details]).toEqual([
      500,
      expect.stringMatching(words),
    ]);
    expect((await post(`${server}/get`, { Uri: '/studies' })).status).toBe(status);
    expect(sent.text + retrieved.text).not.toMatch(/secret|wrong"? ?:|\.pem/);
  });
});
