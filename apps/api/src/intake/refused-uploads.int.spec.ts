import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { register } from 'prom-client';
import { buildInstance } from '../../../../libs/dicom/src/testing/index.js';
import { parseAnswer } from '../http/testing/raw-request.js';
import { startWritingApp, type WritingApp } from '../rest/testing/writing-app.js';

/** More than the system keeps of what is sent and not read. */
const LARGE = 64 * 1024 * 1024;

describe('an upload that is refused', () => {
  let writing: WritingApp;
  beforeAll(async () => {
    writing = await startWritingApp({ HttpRequestTimeout: 60, KeepAliveTimeout: 60 });
  });
  afterAll(() => writing.close());
  const head = (path: string, length: number, more = ''): string =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n${more}\r\n`;

  it('is told so to a client that sends all of it before it reads, whose connection goes on', async () => {
    const socket = connect(writing.app.port, '127.0.0.1').pause();
    await sent(socket, head('/instances', LARGE));
    await sent(socket, Buffer.alloc(LARGE, 'no DICOM'));
    await sent(socket, 'GET /system HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).resume();
    await once(socket, 'close');
    const [refusal, system] = Buffer.concat(chunks)
      .toString()
      .split(/(?=HTTP\/1\.1 200)/);
    expect(parseAnswer(refusal!)).toMatchObject({ status: 400, body: expect.stringContaining('DICOM') as string });
    expect(parseAnswer(system!).status).toBe(200);
  });

  it('is not counted as active for ever, and neither is a download that is broken off', async () => {
    const { ID } = (await writing.send('POST', '/instances', buildInstance({}))).json as { readonly ID: string };
    const data = `/instances/${ID}/attachments/1024`;
    expect((await writing.send('PUT', data, Buffer.alloc(LARGE))).status).toBe(200);
    for (const request of [`GET ${data}/data HTTP/1.1\r\nHost: x\r\n\r\n`, head('/instances', LARGE)]) {
      const socket = connect(writing.app.port, '127.0.0.1').pause();
      await sent(socket, request);
      await until(async () => (await active()) > 0);
      socket.destroy();
    }
    await until(async () => (await active()) === 0);
  });
});

async function active(): Promise<number> {
  return Number((await register.getSingleMetricAsString('annal_http_active_requests')).split(' ').at(-1));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

function sent(socket: Socket, data: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.write(data, (error) => (error ? reject(error) : resolve())));
}
