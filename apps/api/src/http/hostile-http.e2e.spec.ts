import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { exchange, parseAnswer, rawRequest } from './testing/raw-request.js';
import { startTestApp, type TestApp } from './testing/test-app.js';

describe('hostile requests', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      Annal: { Limits: { MaxBodySize: 1_000_000, MaxHeaderSize: 8192 } },
    });
  });
  afterEach(async () => {
    // whatever came: the server is there
    expect((await rawRequest(app.port, 'GET /system HTTP/1.1')).status).toBe(200);
  });
  afterAll(() => app.close());

  it.each([
    ['a URL beyond the limit', `GET /${'x'.repeat(10_000)} HTTP/1.1`, [], 431],
    ['headers beyond the limit', 'GET /system HTTP/1.1', [`X-Long: ${'y'.repeat(10_000)}`], 431],
    ['a long identifier within it', `GET /plugins/${'x'.repeat(6000)} HTTP/1.1`, [], 404],
    ['NUL in a path', 'GET /plugins/a%00b HTTP/1.1', [], 400],
    ['a wrong escape', 'GET /plugins/%zz%f HTTP/1.1', [], 404],
    ['a negative length', 'GET /system HTTP/1.1', ['Content-Length: -1'], 411],
    ['two lengths', 'PUT /tools/metrics HTTP/1.1', ['Content-Length: 1'], 400],
    ['a length and chunks', 'PUT /tools/metrics HTTP/1.1', ['Transfer-Encoding: chunked'], 400],
    ['an announced body beyond the limit', 'GET /system HTTP/1.1', ['Content-Length: 4294967296'], 413],
    ['an unknown Content-Encoding', 'PUT /tools/metrics HTTP/1.1', ['Content-Encoding: br'], 415],
    ['a prototype as a path', 'GET /__proto__ HTTP/1.1', [], 404],
    ['a prototype as an identifier', 'GET /plugins/__proto__ HTTP/1.1', [], 404],
    ['no HTTP', '\u0016\u0003\u0001\u0002', [], 400],
  ])('answers %s', async (_what, line, headers, expected) => {
    const { status } = await rawRequest(app.port, line, headers, /^PUT/.test(line) ? '1' : '');
    expect(status).toBe(expected);
  });

  it('takes 200 lines of a header, and refuses more', async () => {
    // two of them are Host and Connection
    const status = async (lines: number): Promise<number> =>
      (await rawRequest(app.port, 'GET /system HTTP/1.1', Array<string>(lines - 2).fill('X: y'))).status;
    expect([await status(200), await status(201)]).toEqual([200, 431]);
  });

  it('reads 1,000 parameters of a query, and not the rest', async () => {
    const status = async (parameters: number): Promise<number> => {
      const query = `${'x&'.repeat(parameters - 1)}level=study`;
      return (await rawRequest(app.port, `GET /tools/generate-uid?${query} HTTP/1.1`)).status;
    };
    expect([await status(1000), await status(1001)]).toEqual([200, 404]);
  });

  it('takes 64 KiB for a setting, and refuses more', async () => {
    const status = async (size: number): Promise<number> =>
      (await rawRequest(app.port, 'PUT /tools/metrics HTTP/1.1', [], '1'.padEnd(size))).status;
    expect([await status(65_536), await status(65_537)]).toEqual([200, 413]);
  });

  it('puts nothing of a request into the headers of its answer', async () => {
    const { status, headers } = await rawRequest(app.port, 'GET /system?x=%0d%0aX-Injected:1 HTTP/1.1', [
      'X-Correlation-Id: a',
    ]);
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('x-injected');
  });

  it.each(['', ';;;', 'no type', 'application/x-www-form-urlencoded', 'application/json', 'multipart/form-data'])(
    'reads a body under Content-Type %j',
    async (type) => {
      const { status } = await rawRequest(app.port, 'PUT /tools/metrics HTTP/1.1', [`Content-Type: ${type}`], '1');
      expect(status).toBe(200);
    },
  );

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['deflate', deflateSync(Buffer.alloc(50_000_000))],
  ])('stops inflating a %s bomb at the limit', async (encoding, bomb) => {
    const { status } = await rawRequest(
      app.port,
      'PUT /tools/metrics HTTP/1.1',
      [`Content-Encoding: ${encoding}`],
      bomb,
    );
    expect(status).toBe(413);
  });

  it('inflates what is compressed, and refuses what only says so', async () => {
    const header = ['Content-Encoding: gzip'];
    expect((await rawRequest(app.port, 'PUT /tools/metrics HTTP/1.1', header, gzipSync('1'))).status).toBe(200);
    for (const bad of ['1', gzipSync('1').subarray(0, 12)]) {
      expect((await rawRequest(app.port, 'PUT /tools/metrics HTTP/1.1', header, bad)).status).toBe(400);
    }
  });

  it('refuses JSON that is nested too deeply', async () => {
    const body = '['.repeat(10_000);
    const { status } = await rawRequest(app.port, 'PUT /tools/accepted-transfer-syntaxes HTTP/1.1', [], body);
    expect(status).toBe(413);
  });

  it('lets a client send a body only when it is wanted', async () => {
    const head = (path: string): string =>
      `PUT ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n`;
    expect(parseAnswer(await exchange(app.port, [head('/system')])).status).toBe(405);
    const socket = connect(app.port, '127.0.0.1');
    socket.write(head('/tools/metrics'));
    const answers: string[] = [];
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        if (answers.push(chunk.toString()) === 1) socket.write('1');
      });
      socket.on('close', () => resolve());
    });
    expect(answers[0]).toMatch(/^HTTP\/1.1 100 Continue/);
    expect(answers.join('')).toContain('HTTP/1.1 200 OK');
  });
});

describe('requests that do not end', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ HttpRequestTimeout: 1, Annal: { Limits: { HeaderTimeout: 1 } } });
  });
  afterAll(() => app.close());

  it.each([
    ['a header that does not end', 'GET /system HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['a body that does not come', 'PUT /tools/metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1'],
    ['a connection without a request', ''],
  ])('are not waited for: %s', async (_what, bytes) => {
    expect(await exchange(app.port, [bytes])).not.toContain('200 OK');
  });
});
