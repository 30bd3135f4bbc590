import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPage } from '../../rest/system/start-page.js';
import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

const REPOSITORY = join(import.meta.dirname, '../../../../..');
const PAGE = '/dicom-web/app/client/index.html';

describe('the web page of the DICOMweb client', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ AuthenticationEnabled: false });
  });
  afterAll(() => app.close());

  it('is where Orthanc has it', async () => {
    const answer = await fetch(app.url + PAGE);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await answer.text()).toContain('<h1>DICOMweb client</h1>');
  });

  it('has all that it is made of, from this server alone', async () => {
    const seen = new Map<string, string>();
    const wanted = [new URL(PAGE, app.url).href];
    for (let url = wanted.pop(); url; url = wanted.pop()) {
      if (seen.has(url)) continue;
      const answer = await fetch(url);
      expect([url, answer.status]).toEqual([url, 200]);
      const text = await answer.text();
      seen.set(url, answer.headers.get('content-type')!.split(';')[0]!);
      const links = [...text.matchAll(/(?:src|from|<link[^>]* href)[= ]["']([^"']+)["']/g)].map(([, link]) => link!);
      wanted.push(...links.map((link) => new URL(link, url).href));
    }
    expect([...seen.keys()].every((url) => url.startsWith(`${app.url}/dicom-web/app/client/`))).toBe(true);
    expect([...new Set(seen.values())].sort()).toEqual([
      'application/javascript',
      'image/svg+xml',
      'text/css',
      'text/html',
    ]);
    expect(seen.size).toBeGreaterThan(6);
  });

  it('runs no script but its files, and shows nothing in frames of others', async () => {
    const answer = await fetch(app.url + PAGE);
    const policy = answer.headers.get('content-security-policy')!.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'self'"]),
    );
    expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
    expect(await answer.text()).not.toMatch(/<script>|\son\w+=|style=|https?:\/\//);
  });

  it('was built with the server', () => {
    const built = join(REPOSITORY, 'dist/apps/api/src/dicomweb/client-page/files');
    const names = readdirSync(join(import.meta.dirname, 'files'));
    expect(readdirSync(built)).toEqual(names);
    for (const name of names) {
      expect(readFileSync(join(built, name))).toEqual(readFileSync(join(import.meta.dirname, 'files', name)));
    }
  });

  it('is sent again only when it changed', async () => {
    const etag = (await fetch(app.url + PAGE)).headers.get('etag')!;
    const again = await fetch(app.url + PAGE, { headers: { 'If-None-Match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it.each([
    '',
    'nothing.js',
    '..%2f..%2fdicomweb.module.ts',
    '%2e%2e/client-page.module.ts',
    '__proto__',
    'constructor',
  ])('has no %j beside them', async (name) => {
    const answer = await fetch(`${app.url}/dicom-web/app/client/${name}`);
    await answer.body?.cancel();
    expect(answer.status).toBe(404);
  });

  it('is below DicomWeb.Root, for registered users, and the start page and /plugins lead there', async () => {
    const options = { RegisteredUsers: { a: 'b' }, AuthenticationEnabled: true, DicomWeb: { Root: '/x/dw' } };
    const other = await startTestApp(options);
    try {
      const url = `${other.url}/x/dw/app/client/index.html`;
      expect((await fetch(url)).status).toBe(401);
      const Authorization = `Basic ${Buffer.from('a:b').toString('base64')}`;
      expect((await fetch(url, { headers: { Authorization } })).status).toBe(200);
      const page = startPage(other.context.configuration, undefined, []);
      expect(page).toContain('<a href="../x/dw/app/client/index.html">');
      const plugin = await fetch(`${other.url}/plugins/dicom-web`, { headers: { Authorization } });
      expect(await plugin.json()).toMatchObject({ RootUri: '../x/dw/app/client/index.html' });
    } finally {
      await other.close();
    }
  });

  it('is not there without DICOMweb', async () => {
    const other = await startTestApp({ DicomWeb: { Enable: false } });
    try {
      expect((await fetch(other.url + PAGE)).status).toBe(404);
    } finally {
      await other.close();
    }
  });
});
