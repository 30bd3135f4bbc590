import { startTestApp, type TestApp } from './testing/test-app.js';
import { rawRequest } from './testing/raw-request.js';

describe('paths and methods', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each([
    '/system',
    '/system/',
    '//system',
    '/instances/../system',
    '/instances/%2e%2e/system',
    '/./system',
    '/x%2F../system',
  ])('takes %s as /system', async (path) => {
    const { status, body } = await rawRequest(app.port, `GET ${path} HTTP/1.1`);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ Version: '1.12.7', ApiVersion: 27 });
  });

  it('answers what no route has with an error body', async () => {
    const { status, headers, body } = await rawRequest(app.port, 'DELETE /nope?x=1 HTTP/1.1');
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('text/plain');
    expect(body).toBe(
      '{\n\t"HttpError" : "Not Found",\n\t"HttpStatus" : 404,\n\t"Message" : "Unknown resource",\n\t"Method" : "DELETE",\n' +
        '\t"OrthancError" : "Unknown resource",\n\t"OrthancStatus" : 17,\n\t"Uri" : "/nope"\n}\n',
    );
  });

  it.each([
    ['PUT /system HTTP/1.1', 405],
    ['POST /system/ HTTP/1.1', 405],
    ['PATCH /system HTTP/1.1', 400],
    ['TRACE /system HTTP/1.1', 400],
    ['FOO /system HTTP/1.1', 400],
    ['GET /system?_method=POST HTTP/1.1', 400],
    ['GET /system?_method=DELETE HTTP/1.1', 405],
    ['GET /system?_method= HTTP/1.1', 200],
    ['GET /system%00 HTTP/1.1', 400],
    ['GET /%zz HTTP/1.1', 404],
    ['GET /app/../../../../etc/passwd HTTP/1.1', 404],
    ['GET /app/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1', 404],
    ['HEAD /nope HTTP/1.1', 404],
    ['OPTIONS /nope HTTP/1.1', 404],
  ])('answers %s with %i', async (line, expected) => {
    const { status, headers, body } = await rawRequest(app.port, line);
    expect(status).toBe(expected);
    if (expected === 405) expect(headers.allow).toBe('GET');
    if (expected > 200 && expected < 404) expect(body).toBe('');
  });

  it('answers HEAD as GET without the body', async () => {
    const get = await rawRequest(app.port, 'GET /system HTTP/1.1');
    const head = await rawRequest(app.port, 'HEAD /system HTTP/1.1');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
  });

  it('tells the methods of a path', async () => {
    const { status, headers } = await rawRequest(app.port, 'OPTIONS /system HTTP/1.1');
    expect([status, headers.allow]).toEqual([204, 'GET,OPTIONS']);
  });
});
