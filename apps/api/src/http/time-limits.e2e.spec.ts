import { exchange } from './testing/raw-request.js';
import { startTestApp, type TestApp } from './testing/test-app.js';

/** An hour: whatever else waits so long did not close the connection. */
const LONG = 3600;
const LATE_HEADER = 'GET /system HTTP/1.1\r\nHost: x\r\nX-Slow: ';
const LATE_BODY = 'PUT /tools/metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1';
const REQUEST = 'GET /system HTTP/1.1\r\nHost: x\r\n\r\n';

describe.each<[string, object, readonly (readonly [what: string, sent: string, answer: RegExp])[]]>([
  [
    'HeaderTimeout',
    {
      HttpRequestTimeout: LONG,
      KeepAliveTimeout: LONG,
      Annal: { Limits: { HeaderTimeout: 0.5, RequestTimeout: LONG } },
    },
    [['a header does not end', LATE_HEADER, /^HTTP\/1.1 408 .*\r\n\r\n$/s]],
  ],
  [
    'RequestTimeout',
    { HttpRequestTimeout: LONG, KeepAliveTimeout: LONG, Annal: { Limits: { HeaderTimeout: 0.5, RequestTimeout: 1 } } },
    [['a body does not come', LATE_BODY, /^HTTP\/1.1 408 .*\r\n\r\n$/s]],
  ],
  [
    'HttpRequestTimeout',
    { HttpRequestTimeout: 1, KeepAliveTimeout: LONG, Annal: { Limits: { HeaderTimeout: LONG, RequestTimeout: LONG } } },
    [
      ['nothing is sent', '', /^$/],
      ['a header does not go on', LATE_HEADER, /^$/],
      ['a body does not go on', LATE_BODY, /^$/],
    ],
  ],
  [
    'KeepAliveTimeout',
    { HttpRequestTimeout: LONG, KeepAliveTimeout: 1, Annal: { Limits: { HeaderTimeout: LONG, RequestTimeout: LONG } } },
    [['nothing follows an answer', REQUEST, /^HTTP\/1.1 200 .*Connection: keep-alive/s]],
  ],
])('%s alone', (_option, configuration, cases) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(configuration);
  });
  afterAll(() => app.close());

  it.each(cases)('closes a connection on which %s', async (_what, sent, answer) => {
    expect(await exchange(app.port, [sent])).toMatch(answer);
  });
});
