import { rawRequest } from '../testing/raw-request.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

const VIEWER = 'https://viewer.example';
const FORGED = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://other.example', 'Content-Type': 'text/plain' };
const FIND = 'POST /tools/find';
/** What says that a request came in: its body is no JSON. */
const IN = 400;

describe('requests that pages of other sites have a browser send', () => {
  let app: TestApp;
  afterEach(() => app.close());
  const start = async (Cors: object = {}): Promise<void> => {
    const users = { AuthenticationEnabled: true, RegisteredUsers: { alice: 'secret' } };
    app = await startTestApp({ ...users, Annal: { Cors } });
  };
  /** The browser remembers the password. */
  const ask = async (line: string, headers: Record<string, string | undefined>): Promise<number> => {
    const sent = Object.entries({
      Authorization: `Basic ${Buffer.from('alice:secret').toString('base64')}`,
      ...headers,
    });
    const lines = sent.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
    const { status } = await rawRequest(app.port, `${line} HTTP/1.1`, lines, line.startsWith('POST') ? '{' : '');
    return status;
  };

  it.each([
    [FIND, {}],
    [FIND, { 'Content-Type': 'text/plain;charset=UTF-8' }],
    [FIND, { 'Content-Type': 'Text/Plain ; application/json' }],
    [FIND, { 'Content-Type': 'application/x-www-form-urlencoded' }],
    [FIND, { 'Content-Type': undefined }],
    [FIND, { 'Content-Type': 'text/plain, application/json' }],
    [FIND, { 'Content-Type': 'none' }],
    [FIND, { Origin: 'null' }],
    [FIND, { Origin: undefined }],
    ['POST /instances', { 'Content-Type': 'multipart/form-data; boundary=x' }],
    ['POST /nope', {}],
    ['GET /changes?_method=DELETE', { Origin: undefined, 'Content-Type': undefined }],
    ['GET /tools/log-level?_method=PUT', { Origin: undefined, 'Content-Type': undefined }],
  ])('and that would change something are refused: %s, %j', async (line, headers) => {
    await start({ AllowedOrigins: [VIEWER] });
    expect(await ask(line, { ...FORGED, ...headers })).toBe(403);
  });

  it.each<[string, string, Record<string, string | undefined>, number]>([
    ['a page of this server', FIND, { 'Sec-Fetch-Site': 'same-origin' }, IN],
    ['a page of the same site', FIND, { 'Sec-Fetch-Site': 'same-site' }, IN],
    ['the address bar', FIND, { 'Sec-Fetch-Site': 'none' }, IN],
    ['no browser, or one to which this is no safe address', FIND, { 'Sec-Fetch-Site': undefined }, IN],
    ['an allowed page', FIND, { Origin: VIEWER }, IN],
    ['a page whose browser asked a proxy first', FIND, { 'Content-Type': 'application/json' }, IN],
    ['one that stores', 'POST /dicom-web/studies', { 'Content-Type': 'multipart/related; boundary=x' }, 415],
    ['one that overrides the method', 'POST /system', { 'X-HTTP-Method-Override': 'DELETE' }, 405],
    ['one that deletes', 'DELETE /system', { 'Content-Type': undefined }, 405],
    ['a link', 'GET /system', { Origin: undefined, 'Content-Type': undefined }, 200],
  ])('come in from %s', async (_, line, headers, status) => {
    await start({ AllowedOrigins: [VIEWER] });
    expect(await ask(line, { ...FORGED, ...headers })).toBe(status);
  });

  it.each([{ AllowedOrigins: ['*'] }, { AllowCrossSitePosts: true }])('come in where %j', async (options) => {
    await start(options);
    expect(await ask(FIND, FORGED)).toBe(IN);
  });

  it('and that have no password are asked for one', async () => {
    await start();
    expect(await ask(FIND, { ...FORGED, Authorization: undefined })).toBe(401);
  });
});
