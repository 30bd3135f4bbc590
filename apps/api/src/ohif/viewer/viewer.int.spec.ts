import Fastify from 'fastify';
import { startTestApp, type TestApp, testConfiguration } from '../../http/testing/test-app.js';
import { ViewerFiles } from './viewer-files.js';
import { ViewerService } from './viewer.service.js';

const isThere = new ViewerFiles().areThere;
if (!isThere) process.stderr.write("NOT RUN: the viewer's files, which could not be fetched\n");

(isThere ? describe : describe.skip)('the viewer', () => {
  let app: TestApp;
  beforeAll(async () => {
    // fetch loses what it has not read yet of a large answer when the server closes the idle connection (undici 7)
    app = await startTestApp({ OHIF: { RouterBasename: '/pacs/ohif/' }, KeepAliveTimeout: 60 });
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${app.url}${path}`, { headers, redirect: 'manual' });

  async function nameOf(pattern: RegExp): Promise<string> {
    return pattern.exec(await (await get('/ohif/')).text())![1]!;
  }

  it('begins in a folder, whatever it is asked for', async () => {
    const answer = await get('/ohif?a=b');
    expect([answer.status, answer.headers.get('location')]).toEqual([307, 'ohif/?a=b']);
    const home = await get('/ohif/');
    expect([home.status, home.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const page = await home.text();
    for (const path of ['/ohif/viewer?url=x', '/ohif/segmentation', '/ohif/viewer/deeper/', '/ohif/index.html']) {
      expect(await (await get(path)).text()).toBe(page);
    }
  });

  it('has all that its page and its manifest link to, with the types that browsers want', async () => {
    const page = await (await get('/ohif/')).text();
    const manifest = (await (await get('/ohif/manifest.json')).json()) as { icons: { src: string }[] };
    const links = [
      ...[...page.matchAll(/ (?:src|href)="([^"]+)"/g)].map(([, link]) => link!),
      ...manifest.icons.map(({ src }) => `/pacs/ohif/${src}`),
    ];
    expect(links.length).toBeGreaterThan(30);
    const types = new Set<string>();
    for (const link of links) {
      expect(link).toMatch(/^\/pacs\/ohif\//);
      const answer = await get(link.slice('/pacs'.length));
      await answer.body?.cancel();
      expect([link, answer.status]).toEqual([link, 200]);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      types.add(answer.headers.get('content-type')!.split(';')[0]!);
    }
    expect([...types].sort()).toEqual([
      'application/javascript',
      'application/json',
      'image/png',
      'image/x-icon',
      'text/css',
    ]);
  });

  it('loads its parts from below its base name, in pages and in workers', async () => {
    const bundle = await nameOf(/src="\/pacs(\/ohif\/app\.bundle\.[0-9a-f]+\.js)"/);
    const text = await (await get(bundle)).text();
    expect(text).not.toContain('__webpack_require__.p = "/"');
    expect(text).toContain('__webpack_require__.p = typeof document === "object" ? window.PUBLIC_URL');
    expect(await (await get('/ohif/app.bundle.css')).text()).not.toContain('url(/');
  });

  it('is sent compressed, and only when it changed', async () => {
    const bundle = await nameOf(/src="\/pacs(\/ohif\/app\.bundle\.[0-9a-f]+\.js)"/);
    const plain = await get(bundle, { 'Accept-Encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('cache-control')).toBe('max-age=31536000, immutable');
    const zipped = await get(bundle, { 'Accept-Encoding': 'gzip' });
    expect([zipped.headers.get('content-encoding'), zipped.headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding']);
    expect(await zipped.text()).toBe(await plain.text());
    const etag = zipped.headers.get('etag')!;
    expect(etag).not.toBe(plain.headers.get('etag'));
    const again = await get(bundle, { 'Accept-Encoding': 'gzip', 'If-None-Match': `"other", W/${etag}` });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const css = await get('/ohif/app.bundle.css');
    expect([css.headers.get('cache-control'), css.headers.has('etag')]).toEqual(['no-cache', true]);
    await css.body?.cancel();
    const head = await fetch(`${app.url}${bundle}`, { method: 'HEAD', headers: { 'Accept-Encoding': 'identity' } });
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10_000_000);
  });

  it.each([
    '/ohif/nope.js',
    '/ohif/../package.json',
    '/ohif/%2e%2e/viewer.json',
    '/ohif/..%2f..%2fviewer.json',
    '/ohif/assets/..%5c..%5cviewer.json',
    '/ohif/app.bundle.css.gz',
    '/ohif/__proto__.js',
    '/ohif/constructor.js',
  ])('has no %s', async (path) => {
    const answer = await get(path);
    await answer.body?.cancel();
    expect(answer.status).toBe(404);
  });

  it('answers no other method', async () => {
    const answer = await fetch(`${app.url}/ohif/viewer`, { method: 'POST' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('is among the plugins', async () => {
    expect(await (await get('/plugins')).json()).toContain('ohif');
    expect(await (await get('/plugins/ohif')).json()).toMatchObject({ ID: 'ohif', ExtendsOrthancExplorer: false });
  });

  it('is for registered users alone, as everything', async () => {
    const closed = await startTestApp({ AuthenticationEnabled: true, RegisteredUsers: { a: 'b' } });
    try {
      const paths = ['/ohif/', '/ohif/app-config.js', '/ohif/app.bundle.css', '/studies/x/ohif-dicom-json'];
      for (const path of paths) expect((await fetch(closed.url + path)).status).toBe(401);
    } finally {
      await closed.close();
    }
  });
});

describe('a viewer that could not be fetched', () => {
  it('says so', async () => {
    const viewer = new ViewerService(testConfiguration(), new ViewerFiles('/nowhere'));
    const server = Fastify();
    server.get('/ohif/*', (request, reply) => viewer.answer('viewer', request, reply));
    const answer = await server.inject('/ohif/viewer');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('npm run viewer');
    await server.close();
  });
});
