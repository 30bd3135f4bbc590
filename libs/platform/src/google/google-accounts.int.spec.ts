import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureLog } from '../../../../test/support/captured-log.js';
import { makeCertificate, type TestCertificate } from '../../../../test/support/certificate.js';
import { GoogleStandIn, otherKey, STORE } from '../../../../test/support/google-stand-in.js';
import { until } from '../../../../test/support/processes.js';
import { loadConfiguration } from '../config/index.js';
import { OutgoingHttp } from '../outgoing/outgoing-http.js';
import { GoogleAccounts } from './google-accounts.js';

describe('the accounts of Google Cloud Platform', () => {
  let google: GoogleStandIn;
  let folder: string;
  let ends: (() => unknown)[];
  beforeEach(async () => {
    google = await GoogleStandIn.start();
    folder = mkdtempSync(join(tmpdir(), 'annal-google-'));
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    await google.close();
    rmSync(folder, { recursive: true });
  });

  function file(name: string, content: object): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  function open(account: object, options: object = {}) {
    const { BaseUrl = google.baseUrl, Timeout = 0, ...others } = options as { BaseUrl?: string; Timeout?: number };
    const section = { Accounts: { mine: { ...STORE, ...account } }, BaseUrl, Timeout };
    const config = file('annal.json', { GoogleCloudPlatform: section, HttpVerbose: true, ...others });
    const source = { paths: [config], environment: {}, workingDirectory: folder, secretsFolder: join(folder, 'none') };
    const { configuration, errors } = loadConfiguration(source);
    if (!configuration) throw new Error(errors.join('\n'));
    const log = captureLog();
    const http = new OutgoingHttp(configuration, log.logger);
    const accounts = new GoogleAccounts(configuration, http, log.logger);
    ends.push(
      () => http.close(),
      () => accounts.stop(),
    );
    const get = async (path: string): Promise<number> => {
      const endpoint = accounts.endpointOf('mine')!;
      return (await http.whole(endpoint, { method: 'GET', path }, 1000)).status;
    };
    return { accounts, get, log };
  }

  it.each([
    ['a service account', (): object => ({ ServiceAccountFile: file('service.json', google.serviceAccount) })],
    [
      'a service account in a file beside',
      (): object => (file('s.json', google.serviceAccount), { ServiceAccountFile: 's.json' }),
    ],
    ['a user', (): object => ({ AuthorizedUserFile: file('user.json', google.user) })],
  ])('speak for %s', async (_name, account) => {
    const { accounts, get, log } = open(account());
    expect(accounts.names).toEqual(['mine']);
    expect(await get('/studies?limit=1')).toBe(200);
    expect(google.served).toEqual([{ method: 'GET', path: '/studies?limit=1', token: google.tokens[0] }]);
    expect(log.complaints).toEqual([]);
    for (const secret of google.secrets) expect(log.text).not.toContain(secret);
    expect(log.text).toContain('/dicomWeb/studies');
  });

  it('may be of another API and other patience than the section says', async () => {
    const ServiceAccountFile = file('service.json', google.serviceAccount);
    const account = { ServiceAccountFile, BaseUrl: google.baseUrl, Timeout: 7 };
    const { accounts, get } = open(account, { BaseUrl: 'http://127.0.0.1:1/', Timeout: 5 });
    expect(await get('/studies')).toBe(200);
    expect(accounts.endpointOf('mine')).toMatchObject({ timeout: 7 });
  });

  it('have new tokens without anybody asking, and speak with the newest', async () => {
    google.lifetime = 1;
    const { accounts, get } = open({ ServiceAccountFile: file('service.json', google.serviceAccount) });
    accounts.start();
    await until(() => google.tokens.length >= 3);
    expect(google.served).toEqual([]);
    google.lifetime = 3600;
    await until(async () => (await get('/studies')) === 200 && google.served.at(-1)!.token === google.tokens.at(-1));
  });

  it.each([
    ['refuse', /refuses with status 400: invalid_grant$/],
    ['fail', /refuses with status 503$/],
    ['nonsense', /answers without a token$/],
    ['flood', /is larger than 65536 bytes$/],
    ['redirect', /redirects a request that is not sent twice$/],
    ['silent', /did not answer in time$/],
  ] as const)('say in the log and to who asks that they have no token: %s', async (mood, reason) => {
    google.mood = mood;
    const account = { ServiceAccountFile: file('service.json', google.serviceAccount) };
    // what answers late on a busy machine is not silent
    const { get, log } = open(account, { Timeout: mood === 'silent' ? 1 : 60 });
    const refusal = await get('/studies').catch((error: Error) => error);
    expect(refusal).toMatchObject({ kind: 'token', message: expect.stringMatching(reason) as string });
    expect(google.asked).toBe(1);
    expect(log.complaints).toHaveLength(1);
    for (const secret of [...google.secrets, 'assertion', 'eyJ']) {
      expect(`${log.text}${String(refusal)}`).not.toContain(secret);
    }
  });

  it('that nobody knows are refused, and go on when their file is mended', async () => {
    const wrong = { ...google.serviceAccount, private_key: otherKey() };
    const { get, log } = open({ ServiceAccountFile: file('service.json', wrong) });
    await expect(get('/studies')).rejects.toThrow('invalid_grant');
    file('service.json', { ...google.serviceAccount, private_key: 'no key' });
    await until(() => log.complaints.length > 1);
    await expect(get('/studies')).rejects.toThrow('The credentials cannot be used');
    file('service.json', google.serviceAccount);
    await until(() => google.tokens.length > 0);
    expect(await get('/studies')).toBe(200);
  });

  describe('over HTTPS', () => {
    let certificate: TestCertificate;
    beforeEach(async () => {
      certificate = makeCertificate('oauth2.googleapis.com');
      await google.close();
      google = await GoogleStandIn.start(certificate);
    });
    afterEach(() => certificate.remove());
    const account = (): object => ({ AuthorizedUserFile: file('user.json', google.user) });

    it('trust HttpsCACertificates, and else only who is not to be verified', async () => {
      await expect(open(account()).get('/studies')).rejects.toThrow('No trusted connection');
      expect(google.asked).toBe(0);
      expect(await open(account(), { HttpsCACertificates: certificate.file }).get('/studies')).toBe(200);
      expect(await open(account(), { HttpsVerifyPeers: false }).get('/studies')).toBe(200);
    });

    it("ask Google's own endpoint where nothing else is said, through HttpProxy", async () => {
      const asked: string[] = [];
      const proxy = createServer().on('connect', (request, client: Socket) => {
        asked.push(request.url!);
        const server = connect(google.port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
        for (const [from, to] of [[client, server] as const, [server, client] as const]) {
          from.pipe(to).on('error', () => to.destroy());
        }
        ends.push(() => [client, server].forEach((socket) => socket.destroy()));
      });
      proxy.listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      ends.push(() => proxy.close());
      const { client_id, client_secret, refresh_token } = google.user;
      const user = {
        AuthorizedUserClientId: client_id,
        AuthorizedUserClientSecret: client_secret,
        AuthorizedUserRefreshToken: refresh_token,
      };
      const HttpProxy = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const { get } = open(user, { HttpProxy, HttpsCACertificates: certificate.file });
      expect(await get('/studies')).toBe(200);
      expect(asked).toEqual(['oauth2.googleapis.com:443', `localhost:${google.port}`]);
    });
  });
});
