import { type Orthanc, orthancWith } from '../../../../../test/support/orthanc.js';
import { sampleFile } from '../../../../../test/support/sample-study.js';
import { type SecuredFront, securedFront } from '../../../../../test/support/secured-front.js';
import { type Answer, startWritingApp, type WritingApp } from '../testing/writing-app.js';

const orthanc = await orthancWith('sending to an Orthanc behind HTTPS, a client certificate and a password, and back', {
  AuthenticationEnabled: true,
  RegisteredUsers: { alice: 'secret' },
});
const AUTHORIZATION = { Authorization: `Basic ${btoa('alice:secret')}` };

(orthanc ? describe : describe.skip)('the real server as a peer', () => {
  const real = orthanc as Orthanc;
  const files = Array.from({ length: 30 }, (_, index) =>
    sampleFile({ patient: 'PEER', study: 1, series: 1 + (index % 3), instance: index }, 100_000),
  );
  const { study, patient } = files[0]!.ids;
  let annal: WritingApp;
  let front: SecuredFront;
  beforeAll(async () => {
    front = await securedFront(real.url);
    const { clientCertificate: CertificateFile, clientKey: CertificateKeyFile } = front;
    const peer = { Url: front.url, Username: 'alice', Password: 'secret', CertificateFile, CertificateKeyFile };
    annal = await startWritingApp({
      HttpsCACertificates: front.authority,
      OrthancPeers: {
        good: peer,
        plain: [real.url, 'alice', 'secret'],
        wrong: { ...peer, Password: 'wrong' },
        uncertified: { ...peer, CertificateFile: undefined, CertificateKeyFile: undefined },
        stranger: { ...peer, Url: front.url.replace('localhost', '127.0.0.1') },
        unreachable: ['http://127.0.0.1:1/'],
      },
    });
    for (const { bytes } of files) await annal.send('POST', '/instances', bytes);
  });
  afterAll(async () => {
    await annal?.close();
    front?.close();
    await real.stop();
  });

  const ask = async (method: string, path: string, body?: string): Promise<Response> =>
    fetch(real.url + path, { method, headers: AUTHORIZATION, body: body ?? null });
  const store = (peer: string, body: object): Promise<Answer> =>
    annal.send('POST', `/peers/${peer}/store`, JSON.stringify(body));

  it.each([
    ['good', {}],
    ['plain', {}],
    ['good', { Compress: true }],
  ])('gets every file of a study, byte by byte: %s %j', async (peer, options) => {
    await ask('DELETE', `/patients/${patient}`);
    const sent = await store(peer, { Resources: [study], ...options });
    expect([sent.status, sent.json]).toMatchObject([200, { InstancesCount: 30, FailedInstancesCount: 0 }]);
    for (const { ids, bytes } of files) {
      const answer = await ask('GET', `/instances/${ids.instance}/file`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    }
    // once more: it says that all is there
    expect((await store(peer, { Resources: [study] })).json).toMatchObject({ FailedInstancesCount: 0 });
    expect(await (await ask('GET', '/statistics')).json()).toMatchObject({ CountInstances: 30 });
    expect((await annal.send('GET', `/peers/${peer}/system`)).json).toMatchObject({ ApiVersion: 27 });
  });

  it('gets files in another transfer syntax, and those that are handed on', async () => {
    await ask('DELETE', `/patients/${patient}`);
    const syntax = '1.2.840.10008.1.2.4.70';
    expect((await store('good', { Resources: [study], Transcode: syntax })).status).toBe(200);
    const answer = await ask('GET', `/instances/${files[0]!.ids.instance}/metadata/TransferSyntax`);
    expect(await answer.text()).toBe(syntax);
    await ask('DELETE', `/patients/${patient}`);
    const straight = await annal.send('POST', '/peers/good/store-straight', new Uint8Array(files[0]!.bytes));
    expect(straight.json).toMatchObject({ ID: files[0]!.ids.instance, Status: 'Success' });
  });

  it('sends to this one as to one of its own', async () => {
    await ask('DELETE', `/patients/${patient}`);
    expect((await store('plain', { Resources: [study] })).status).toBe(200);
    await annal.send('DELETE', `/patients/${patient}`);
    await ask('PUT', '/peers/annal', JSON.stringify([annal.app.url]));
    for (const Compress of [false, true]) {
      const sent = await ask('POST', '/peers/annal/store', JSON.stringify({ Resources: [study], Compress }));
      expect(await sent.json()).toMatchObject({ InstancesCount: 30, FailedInstancesCount: 0 });
    }
    for (const { ids, bytes } of files) {
      expect((await annal.send('GET', `/instances/${ids.instance}/file`)).bytes.equals(bytes)).toBe(true);
    }
    expect(await (await ask('GET', '/peers/annal/system')).json()).toMatchObject({ ApiVersion: 27 });
  });

  it.each([
    ['wrong', /HTTP status 401/],
    ['uncertified', /./],
    ['stranger', /No trusted connection/],
    ['unreachable', /cannot be reached/],
  ])('is said to be out of reach: %s', async (peer, words) => {
    const sent = await store(peer, { Resources: [study] });
    expect([sent.status, sent.json]).toMatchObject([500, { OrthancStatus: 9 }]);
    expect((sent.json as { Details: string }).Details).toMatch(words);
    expect(sent.text).not.toMatch(/secret|\.pem|\.key/);
  });

  it.each([
    ['GET', '/peers/none', undefined],
    ['GET', '/peers/none/configuration', undefined],
    ['GET', '/peers/none/system', undefined],
    ['GET', '/peers/none/store', undefined],
    ['PUT', '/peers/x', '[]'],
    ['PUT', '/peers/x', '["http://h/","u"]'],
    ['PUT', '/peers/x', '{"Url":"ftp://h/"}'],
    ['PUT', '/peers/x', '{"Url":"http://h/","Timeout":"3"}'],
    ['PUT', '/peers/a%20b', '["http://h/"]'],
    ['PUT', '/peers/x', 'x'],
    ['PUT', '/peers/new', '{"Url":"http://h","Username":"u","Timeout":4,"Own":"x"}'],
    ['GET', '/peers/new', undefined],
    ['GET', '/peers/new/configuration', undefined],
    ['PUT', '/peers/new/configuration', '[]'],
    ['POST', '/peers/new/store', 'none'],
    ['POST', '/peers/new/store', '{}'],
    ['POST', '/peers/new/store', '{"Resources":"x"}'],
    ['POST', '/peers/new/store', '[5]'],
    ['POST', '/peers/new/store', '[]'],
    ['POST', '/peers/new/store', '{"Resources":[],"Transcode":"x"}'],
    ['POST', '/peers/new/store', '["00000000-00000000-00000000-00000000-00000000"]'],
    ['POST', '/peers/none/store-straight', 'x'],
    ['DELETE', '/peers/new', undefined],
    ['DELETE', '/peers/new', undefined],
  ])('answers the same to %s %s %s', async (method, path, body) => {
    const theirs = await ask(method, path, body);
    const ours = await annal.send(method, path, body);
    const text = await theirs.text();
    expect(ours.status).toBe(theirs.status);
    expect(ours.json ?? ours.text).toEqual(text === '' ? '' : JSON.parse(text));
    expect(ours.headers.get('content-type')).toBe(theirs.headers.get('content-type'));
  });
});
