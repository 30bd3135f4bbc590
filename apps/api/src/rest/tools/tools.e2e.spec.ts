import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

const CATEGORIES = [
  'log-level-dicom',
  'log-level-generic',
  'log-level-http',
  'log-level-jobs',
  'log-level-lua',
  'log-level-plugins',
  'log-level-sqlite',
];

describe('/tools', () => {
  let app: TestApp;
  const asked: string[] = [];
  beforeAll(async () => {
    app = await startTestApp(
      { RejectedSopClasses: ['1.2.840.10008.5.1.4.1.1.4*'] },
      { serverControl: { reset: () => void asked.push('reset'), shutdown: () => void asked.push('shutdown') } },
    );
  });
  afterAll(() => app.close());

  const get = async (path: string): Promise<string> => (await fetch(`${app.url}/tools/${path}`)).text();
  const put = async (path: string, body: string): Promise<[number, string]> => {
    const answer = await fetch(`${app.url}/tools/${path}`, { method: 'PUT', body });
    return [answer.status, await answer.text()];
  };

  it('lists what there is', async () => {
    const names = JSON.parse(await get('')) as string[];
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(['now', 'log-level', 'log-level-dicom', 'metrics', 'reset']));
  });

  it('tells the time as plain text', async () => {
    const answer = await fetch(`${app.url}/tools/now`);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(await answer.text()).toMatch(/^\d{8}T\d{6}$/);
    expect(await get('now-local')).toMatch(/^\d{8}T\d{6}$/);
  });

  it('makes identifiers that are never the same', async () => {
    const uids = await Promise.all(
      ['study', 'series', 'instance', 'study'].map((level) => get(`generate-uid?level=${level}`)),
    );
    for (const uid of uids) {
      expect(uid).toMatch(/^2\.25\.(0|[1-9]\d*)$/);
      expect(uid.length).toBeLessThanOrEqual(64);
    }
    expect(new Set(uids).size).toBe(4);
    expect(await get('generate-uid?level=patient')).toMatch(/^[0-9a-f-]{36}$/);
    for (const bad of ['', '?level=Patient', '?level=x']) {
      const answer = await fetch(`${app.url}/tools/generate-uid${bad}`);
      expect([answer.status, await answer.text()]).toEqual([404, '']);
    }
  });

  it('changes the default encoding', async () => {
    expect(await get('default-encoding')).toBe('Latin1');
    expect(await put('default-encoding', 'Cyrillic')).toEqual([200, 'Cyrillic']);
    expect(await get('default-encoding')).toBe('Cyrillic');
    expect(await put('default-encoding', 'utf8')).toEqual([200, 'Utf8']);
    expect(await put('default-encoding', 'CYRILLIC')).toEqual([200, 'Cyrillic']);
    expect((await put('default-encoding', 'Nope'))[0]).toBe(400);
    expect(await get('default-encoding')).toBe('Cyrillic');
  });

  it('changes the level of the log, of a category or of all', async () => {
    expect(await put('log-level-http', 'verbose')).toEqual([200, '']);
    expect([await get('log-level-http'), await get('log-level-jobs')]).toEqual(['verbose', 'default']);
    await put('log-level', 'trace');
    expect([await get('log-level'), await get('log-level-http'), await get('log-level-jobs')]).toEqual(
      Array(3).fill('trace'),
    );
    const [status, body] = await put('log-level', 'nope');
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      Details: 'Verbosity can be "default", "verbose" or "trace": nope',
      OrthancError: 'Parameter out of range',
      OrthancStatus: 3,
      Uri: '/tools/log-level',
    });
    expect((await put('log-level-nope', 'default'))[0]).toBe(404);
  });

  it.each(CATEGORIES)('keeps %s apart from the others', async (name) => {
    await put('log-level', 'default');
    expect((await put(name, 'trace'))[0]).toBe(200);
    expect(await get(name)).toBe('trace');
    expect(await get(name === 'log-level-dicom' ? 'log-level-lua' : 'log-level-dicom')).toBe('default');
  });

  it.each(['metrics', 'unknown-sop-class-accepted'])('switches %s', async (name) => {
    for (const [body, shown] of [
      ['0', '0'],
      ['true', '1'],
      ['false', '0'],
      [' 1 ', '1'],
    ] as const) {
      expect(await put(name, body)).toEqual([200, '']);
      expect(await get(name)).toBe(shown);
    }
    expect((await put(name, 'True'))[0]).toBe(400);
  });

  it('changes the accepted transfer syntaxes by patterns', async () => {
    const all = JSON.parse(await get('accepted-transfer-syntaxes')) as string[];
    expect(all).toEqual(expect.arrayContaining(['1.2.840.10008.1.2', '1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.5']));
    const change = async (body: string): Promise<unknown> => {
      const [status, text] = await put('accepted-transfer-syntaxes', body);
      return status === 200 ? JSON.parse(text) : status;
    };
    expect(await change('["1.2.840.10008.1.2", "1.2.840.10008.1.2.4.9?"]')).toEqual([
      '1.2.840.10008.1.2',
      ...[0, 1, 2, 3, 4, 5].map((n) => `1.2.840.10008.1.2.4.9${n}`),
    ]);
    expect(await change('["nope"]')).toEqual([]);
    expect(await change('"1.2.840.10008.1.2"')).toEqual(['1.2.840.10008.1.2']);
    for (const bad of ['{"a":1}', '[1]', '5']) expect(await change(bad)).toBe(400);
    expect(await change('*')).toEqual(all);
    const some = (count: number, length: number): string => JSON.stringify(Array(count).fill('*'.repeat(length)));
    for (const most of [some(1000, 60), some(1, 64)]) expect(await change(most)).toEqual(all);
    for (const beyond of [some(1001, 1), some(1, 65)]) expect(await change(beyond)).toBe(400);
  });

  it('shows the storage classes that the configuration leaves', async () => {
    const classes = JSON.parse(await get('accepted-sop-classes')) as string[];
    expect(classes).toContain('1.2.840.10008.5.1.4.1.1.2');
    expect(classes.filter((uid) => uid.startsWith('1.2.840.10008.5.1.4.1.1.4'))).toEqual([]);
  });

  it('states what it conforms to, as it is configured', async () => {
    const answer = await fetch(`${app.url}/tools/dicom-conformance`);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    const statement = await answer.text();
    expect(statement).toContain('DICOM Conformance Statement of Annal');
    expect(statement).toMatch(/^ {2}CTImageStorage +\| 1\.2\.840\.10008\.5\.1\.4\.1\.1\.2$/m);
    expect(statement).toMatch(/^ {2}JPEG2000Lossless +\| 1\.2\.840\.10008\.1\.2\.4\.90$/m);
    expect(statement).not.toContain('MRImageStorage');
    await put('accepted-transfer-syntaxes', '["nope"]');
    expect(await get('dicom-conformance')).toMatch(/accepts for C-STORE:\n\n {2}none\n/);
    await put('accepted-transfer-syntaxes', '*');
  });

  it('runs no scripts', async () => {
    const answer = await fetch(`${app.url}/tools/execute-script`, { method: 'POST', body: 'print(1)' });
    expect([answer.status, await answer.text()]).toEqual([403, '']);
  });

  it.each(['reset', 'shutdown'])('answers %s, then does it', async (name) => {
    expect((await fetch(`${app.url}/tools/${name}`)).status).toBe(405);
    const answer = await fetch(`${app.url}/tools/${name}`, { method: 'POST' });
    expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    while (!asked.includes(name)) await new Promise((resolve) => setImmediate(resolve));
  });
});
