import { startTestApp, type TestApp } from './testing/test-app.js';

const VIEWER = 'https://viewer.example';
const users = { RemoteAccessAllowed: true, RegisteredUsers: { alice: 'secret' } };
const preflight = { Origin: VIEWER, 'Access-Control-Request-Method': 'POST' };

describe('web pages of other origins', () => {
  let app: TestApp;
  afterEach(() => app.close());
  const start = async (Cors?: object): Promise<void> => {
    app = await startTestApp({ ...users, Annal: Cors ? { Cors } : {} });
  };
  const ask = (headers: Record<string, string>, method = 'GET', path = '/plugins'): Promise<Response> =>
    fetch(app.url + path, { method, headers });
  const authorization = { Authorization: `Basic ${Buffer.from('alice:secret').toString('base64')}` };
  const allowed = (answer: Response): (string | null)[] =>
    ['origin', 'credentials', 'methods', 'headers'].map((name) => answer.headers.get(`access-control-allow-${name}`));

  it('are kept out by default', async () => {
    await start();
    expect(allowed(await ask({ ...authorization, Origin: VIEWER }))).toEqual([null, null, null, null]);
    const answer = await ask(preflight, 'OPTIONS');
    expect([answer.status, ...allowed(answer)]).toEqual([401, null, null, null, null]);
  });

  it('of an allowed origin get in, by a preflight request that needs no password', async () => {
    await start({ AllowedOrigins: [`${VIEWER}:443`], AllowCredentials: true, MaxAge: 5 });
    for (const path of ['/dicom-web/studies', '/instances', '/plugins/']) {
      const answer = await ask(
        { ...preflight, 'Access-Control-Request-Headers': 'authorization,x-a' },
        'OPTIONS',
        path,
      );
      expect(answer.status).toBe(204);
      expect(allowed(answer)).toEqual([VIEWER, 'true', 'GET, HEAD, POST, PUT, DELETE, OPTIONS', 'authorization,x-a']);
      expect(answer.headers.get('access-control-max-age')).toBe('5');
    }
    const answer = await ask({ ...authorization, Origin: VIEWER });
    expect([answer.status, ...allowed(answer)]).toEqual([200, VIEWER, 'true', null, null]);
    expect(answer.headers.get('access-control-expose-headers')).toContain('Content-Location');
    expect(answer.headers.get('vary')).toContain('Origin');
    const refused = await ask({ Origin: VIEWER });
    expect([refused.status, ...allowed(refused)]).toEqual([401, VIEWER, 'true', null, null]);
  });

  it.each(['https://viewer.example.evil', 'http://viewer.example', 'null', 'https://viewer.example:8443'])(
    'of another origin (%s) do not',
    async (Origin) => {
      await start({ AllowedOrigins: [VIEWER] });
      const answer = await ask({ ...authorization, Origin });
      expect([answer.status, ...allowed(answer)]).toEqual([200, null, null, null, null]);
      expect((await ask({ ...preflight, Origin }, 'OPTIONS')).status).toBe(401);
    },
  );

  it('of any origin get in where that is decided', async () => {
    await start({ AllowedOrigins: ['*'] });
    expect(allowed(await ask({ ...authorization, Origin: 'null' }))).toEqual(['*', null, null, null]);
  });
});
