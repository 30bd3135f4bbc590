import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

describe('what the server says of itself', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      Name: 'Here',
      DicomAet: 'HERE',
      UserMetadata: { mine: 2000 },
      ExtraMainDicomTags: { Patient: ['EthnicGroup'] },
      HttpCompressionEnabled: true,
    });
  });
  afterAll(() => app.close());

  const json = async (path: string): Promise<unknown> => (await fetch(app.url + path)).json();

  it('claims a version of Orthanc and tells its own', async () => {
    const system = (await json('/system')) as Record<string, unknown>;
    expect(system).toMatchObject({
      AnnalVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      ApiVersion: 27,
      Capabilities: { HasExtendedChanges: true, HasExtendedFind: true },
      DicomAet: 'HERE',
      IsHttpServerSecure: true,
      Name: 'Here',
      UserMetadata: { 2000: 2000, mine: 2000 },
      Version: '1.12.7',
    });
    expect((system.MainDicomTags as Record<string, string>).Patient).toBe(
      '0010,0010;0010,0020;0010,0030;0010,0040;0010,1000;0010,2160',
    );
    expect(system.DatabaseServerIdentifier).toMatch(/^([0-9a-f]{8}-){4}[0-9a-f]{8}$/);
  });

  it('is read as XML too', async () => {
    const answer = await fetch(`${app.url}/system`, { headers: { Accept: 'application/xml' } });
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    const text = await answer.text();
    expect(text).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>\n<root>\n {2}<AnnalVersion>/);
    expect(text).toContain('<Capabilities>\n    <HasExtendedChanges>true</HasExtendedChanges>');
  });

  it.each(['gzip', 'deflate'])('comes compressed by %s to who accepts that', async (encoding) => {
    const answer = await fetch(`${app.url}/system`, { headers: { 'Accept-Encoding': encoding } });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(await answer.json()).toMatchObject({ Name: 'Here' });
    expect(
      (await fetch(`${app.url}/plugins`, { headers: { 'Accept-Encoding': encoding } })).headers.has('content-encoding'),
    ).toBe(false);
  });

  it('leads browsers to the start page', async () => {
    for (const [path, to] of [
      ['/', 'app/explorer.html'],
      ['/favicon.ico', 'app/images/favicon.ico'],
    ] as const) {
      const answer = await fetch(app.url + path, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([307, to, '']);
    }
    expect((await fetch(`${app.url}/favicon.ico`)).headers.get('content-type')).toBe('image/svg+xml');
    for (const path of ['/app', '/app/', '/app/nope.js']) {
      const answer = await fetch(app.url + path);
      expect([answer.status, await answer.text()]).toEqual([404, '']);
    }
  });

  it('lists the plugins it stands in for', async () => {
    const ids = (await json('/plugins')) as string[];
    expect(ids[0]).toBe('explorer.js');
    for (const id of ids.slice(1)) expect(await json(`/plugins/${id}`)).toMatchObject({ ID: id });
    expect((await fetch(`${app.url}/plugins/explorer.js`)).headers.get('content-type')).toBe('application/javascript');
    const unknown = await fetch(`${app.url}/plugins/nope`);
    expect([unknown.status, await unknown.text()]).toEqual([404, '']);
  });

  it('describes its API from the code, with a page that needs no other server', async () => {
    const description = (await json('/swagger.json')) as { openapi: string; paths: Record<string, unknown> };
    expect(description.openapi).toMatch(/^3\./);
    for (const path of [
      '/system',
      '/tools/now',
      '/events',
      '/health/ready',
      '/plugins/{id}',
      '/tools/log-level-dicom',
    ]) {
      expect(description.paths).toHaveProperty([path]);
    }
    const page = await (await fetch(`${app.url}/swagger`)).text();
    const links = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      expect(link).not.toMatch(/^\w+:|^\//);
      expect((await fetch(`${app.url}/${link}`)).status).toBe(200);
    }
    expect((await fetch(`${app.url}/swagger/..%2f..%2fpackage.json`)).status).toBe(404);
    expect((await fetch(`${app.url}/swagger/package.json`)).status).toBe(404);
  });
});
