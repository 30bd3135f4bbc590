import { pino } from 'pino';
import { startTestApp, testConfiguration, type TestApp } from '../../http/testing/test-app.js';

interface Represented {
  readonly representation: readonly { readonly mediaType: string }[];
}

/** The capabilities in JSON. */
interface Described {
  readonly application: { readonly resources: { readonly resource: readonly DescribedResource[] } };
}

interface DescribedResource {
  readonly path: string;
  readonly method: readonly {
    readonly name: string;
    readonly request: Represented & { readonly param: readonly { readonly name: string; readonly style: string }[] };
    readonly response: Represented;
  }[];
}

describe('the DICOMweb server', () => {
  let app: TestApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });
  const start = async (options: object = {}): Promise<string> => {
    app = await startTestApp(options);
    return app.url;
  };
  const json = async (url: string, headers: Record<string, string> = {}): Promise<unknown> =>
    (await fetch(url, { headers })).json();

  it('says where it is, with or without slashes around Root', async () => {
    const url = await start();
    const expected = { DicomWebRoot: '/dicom-web/', OrthancApiRoot: './../' };
    expect(await json(`${url}/dicom-web/info`)).toEqual(expected);
    expect(await json(`${url}/dicom-web/info/`)).toEqual(expected);
    await app!.close();
    const other = await start({ DicomWeb: { Root: 'a/b', PublicRoot: '/seen/so/' } });
    expect(await json(`${other}/a/b/info`)).toEqual({ DicomWebRoot: '/a/b/', OrthancApiRoot: './../../' });
    expect((await fetch(`${other}/dicom-web/info`)).status).toBe(404);
  });

  it('is not there when it is disabled, nor is its plugin', async () => {
    const url = await start({ DicomWeb: { Enable: false } });
    for (const path of ['info', 'studies', '']) expect((await fetch(`${url}/dicom-web/${path}`)).status).toBe(404);
    expect((await fetch(`${url}/dicom-web/studies`, { method: 'POST' })).status).toBe(404);
    expect(await json(`${url}/plugins`)).not.toContain('dicom-web');
    expect((await fetch(`${url}/plugins/dicom-web`)).status).toBe(404);
  });

  it("is listed as Orthanc's plugin", async () => {
    const url = await start();
    expect(await json(`${url}/plugins`)).toEqual(expect.arrayContaining(['explorer.js', 'dicom-web']));
    expect(await json(`${url}/plugins/dicom-web`)).toEqual({
      Description: 'Implementation of DICOMweb (QIDO-RS, STOW-RS and WADO-RS) and WADO-URI.',
      ExtendsOrthancExplorer: false,
      ID: 'dicom-web',
      RootUri: '../dicom-web/app/client/index.html',
      Version: '1.20',
    });
  });

  it('describes its services at the root, in WADL or JSON', async () => {
    const url = await start({ DicomWeb: { Host: 'pacs.example' } });
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await fetch(`${url}/dicom-web/`, { method });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/vnd.sun.wadl+xml']);
      const text = await answer.text();
      expect(text).toContain('<resources base="http://pacs.example/dicom-web/">');
      expect(text).toMatch(/<resource path="info">\s*<method name="GET">/);
      expect(text).not.toContain('bulk-delete');
      expect(text).not.toContain('servers/');
    }
    const described = (await json(`${url}/dicom-web`, { Accept: 'application/json' })) as Described;
    const paths = described.application.resources.resource.map(({ path }) => path);
    expect(paths).toContain('info');
    expect(paths.every((path) => !path.startsWith('/'))).toBe(true);
  });

  it('says of each of them what it takes and gives', async () => {
    const url = await start({ Annal: { DicomWebDelete: true } });
    const described = (await json(`${url}/dicom-web`, { Accept: 'application/json' })) as Described;
    const methods = described.application.resources.resource.flatMap(({ path, method }) =>
      method.map((each) => ({ route: `${each.name} ${path}`, path, ...each })),
    );
    const typesOf = ({ representation }: Represented): string[] => representation.map(({ mediaType }) => mediaType);
    const silent = methods.filter(({ name, response }) => name !== 'DELETE' && typesOf(response).length === 0);
    // frames are asked for by number
    expect(silent.map(({ path }) => path)).toEqual(['studies/{study}/series/{series}/instances/{instance}/frames']);
    for (const { path, request } of methods) {
      const templates = request.param.filter(({ style }) => style === 'template').map(({ name }) => `{${name}}`);
      expect([path, templates]).toEqual([path, path.match(/\{\w+\}/g) ?? []]);
    }
    const of = (route: string): (typeof methods)[number] => methods.find((each) => each.route === route)!;
    expect(typesOf(of('POST studies').request)).toEqual([
      'multipart/related; type="application/dicom"',
      'multipart/related; type="application/dicom+json"',
      'multipart/related; type="application/dicom+xml"',
      'application/dicom',
    ]);
    expect(typesOf(of('GET studies/{study}/metadata').response)).toEqual([
      'application/dicom+json',
      'multipart/related; type="application/dicom+xml"',
    ]);
    const rendered = of('GET studies/{study}/rendered');
    expect(rendered.request.param.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['study', 'window', 'viewport', 'quality']),
    );
  });

  it('logs how long its answers took where that is wanted, and no identifiers', async () => {
    const lines: string[] = [];
    const configuration = testConfiguration({ DicomWeb: { EnablePerformanceLogs: true } });
    app = await startTestApp({}, { configuration, logger: pino({}, { write: (line: string) => lines.push(line) }) });
    await fetch(`${app.url}/dicom-web/info`);
    await fetch(`${app.url}/plugins`);
    const logged = lines.map((line) => JSON.parse(line) as object);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ method: 'GET', route: '/dicom-web/info', status: 200 });
    expect(logged[0]).toHaveProperty('milliseconds');
  });
});
