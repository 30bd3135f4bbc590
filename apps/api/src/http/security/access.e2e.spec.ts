import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basicAuthentication } from '@annal/platform';
import { startTestApp, type TestApp } from '../testing/test-app.js';

const basic = (credentials: string): { Authorization: string } => ({
  Authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
});

describe('basic authentication', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ AuthenticationEnabled: true, RegisteredUsers: { alice: 'pa:ss', bob: 'é' } });
  });
  afterAll(() => app.close());

  it.each([
    {},
    basic('alice:wrong'),
    basic('alice'),
    basic(':'),
    { Authorization: 'Bearer x' },
    { Authorization: 'Basic' },
  ])('refuses %j on every path', async (headers) => {
    for (const path of ['/system', '/nope', '/', '/health/../system']) {
      const answer = await fetch(app.url + path, { headers: { ...headers }, redirect: 'manual' });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Orthanc Secure Area"');
      expect(await answer.text()).toBe('');
    }
  });

  it('lets registered users in, whatever their passwords hold', async () => {
    for (const credentials of ['alice:pa:ss', 'bob:é']) {
      expect((await fetch(`${app.url}/system`, { headers: basic(credentials) })).status).toBe(200);
    }
  });

  it('lets probes in', async () => {
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
  });

  it('does not take a name of an object for a user', () => {
    const authenticate = basicAuthentication({ alice: 'x' });
    expect(authenticate(basic('__proto__:x').Authorization)).toBeUndefined();
    expect(authenticate(basic('alice:x').Authorization)).toBe('alice');
  });
});

describe('HTTPS', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'annal-tls-'));
    for (const name of ['server', 'client']) certificate(folder, name);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const start = (options: object): Promise<TestApp> =>
    startTestApp({ SslEnabled: true, SslCertificate: join(folder, 'server.pem'), ...options });
  const get = (app: TestApp, client?: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const pem = client === undefined ? undefined : readFileSync(join(folder, `${client}.pem`));
      httpsRequest(`${app.url}/system`, { rejectUnauthorized: false, cert: pem, key: pem, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });

  it('serves with the configured certificate, and no older protocol than is allowed', async () => {
    const app = await start({ SslMinimumProtocolVersion: 5 });
    try {
      expect(await get(app)).toBe(200);
      await expect(
        new Promise((resolve, reject) => {
          httpsRequest(app.url, { rejectUnauthorized: false, maxVersion: 'TLSv1.2', agent: false }, resolve)
            .on('error', reject)
            .end();
        }),
      ).rejects.toThrow();
    } finally {
      await app.close();
    }
  });

  it('lets in only clients with a trusted certificate where it is told so', async () => {
    const app = await start({ SslVerifyPeers: true, SslTrustedClientCertificates: join(folder, 'client.pem') });
    try {
      expect(await get(app, 'client')).toBe(200);
      await expect(get(app)).rejects.toThrow();
      await expect(get(app, 'server')).rejects.toThrow();
    } finally {
      await app.close();
    }
  });
});

function certificate(folder: string, name: string): void {
  const file = join(folder, `${name}.pem`);
  const key = join(folder, `${name}.key`);
  const subject = [
    '-subj',
    `/CN=${name}`,
    '-days',
    '2',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ];
  execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', file], { stdio: 'ignore' });
  execFileSync('sh', ['-c', `cat "${key}" >> "${file}"`]);
}
