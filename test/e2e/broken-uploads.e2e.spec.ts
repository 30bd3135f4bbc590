import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ArchiveServer } from '../support/archive-server.js';
import { expectExactly, orphanBlobs, spareFiles } from '../support/archive-checks.js';
import { uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { openFiles, until, workersOf } from '../support/processes.js';
import { sampleFile, sampleFiles } from '../support/sample-study.js';
import { buildZip } from '../support/zip-builder.js';

const MIB = 1024 * 1024;
const LARGE = sampleFile({ patient: 'B', study: 1, series: 1, instance: 1 }, 9 * MIB);
const SMALL = sampleFile({ patient: 'B', study: 1, series: 1, instance: 2 });
const RANDOM = Buffer.from(Array.from({ length: 6 * MIB }, (_, i) => (i * 2654435761) >>> 13));

describe('uploads that break off', () => {
  let server: ArchiveServer;
  beforeAll(async () => {
    server = await ArchiveServer.start({
      configuration: { MaximumStorageSize: 1000, Annal: { Workers: 1, Limits: { MaxDicomHeaderSize: 5 * MIB } } },
    });
  });
  afterAll(() => server.close());

  const form = (content: Buffer, name = 'a.dcm'): Buffer =>
    Buffer.concat([
      Buffer.from(`--edge\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n\r\n`),
      content,
      Buffer.from('\r\n--edge--\r\n'),
    ]);
  const multipart = 'Content-Type: multipart/form-data; boundary=edge';
  const noise = sampleFile({ patient: 'B', study: 1, series: 1, instance: 3 }, RANDOM);

  async function begin(headers: readonly string[]): Promise<Socket> {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(['POST /instances HTTP/1.1', 'Host: x', ...headers, '', ''].join('\r\n'));
    return socket;
  }

  /** No blob without an owner, no reservation, no open file remains; and the server works. */
  async function expectNothingLeft(): Promise<void> {
    const [worker] = workersOf(server.pid);
    await until(async () => {
      const [reserved] = await query<{ rows: number }>(server, 'SELECT count(*) AS rows FROM reservations');
      const open = openFiles(worker!, new RegExp(`annal-archive|${server.folder}/storage`));
      return (await orphanBlobs(server)).length + open.length + reserved!.rows === 0;
    });
    // none that was handed out to an upload got lost
    expect(await spareFiles(server)).toBeLessThanOrEqual(48);
    expect((await server.fetch('/system')).status).toBe(200);
  }

  it.each([
    ['a DICOM file', [], LARGE.bytes],
    ['a small DICOM file', [], SMALL.bytes],
    ['an archive', [], buildZip([{ name: 'a', content: LARGE.bytes, stored: true }])],
    ['a form', [multipart], form(LARGE.bytes)],
    ['an archive in a form', [multipart], form(buildZip([{ name: 'a', content: LARGE.bytes, stored: true }]))],
    ['a compressed body', ['Content-Encoding: gzip'], gzipSync(noise.bytes)],
  ])('leave nothing behind when the client hangs up in the midst of %s', async (_what, headers, body) => {
    const socket = await begin([...headers, `Content-Length: ${body.length}`]);
    const half = body.subarray(0, Math.floor(body.length * 0.8));
    await new Promise((resolve) => socket.write(half, resolve));
    socket.destroy();
    await expectNothingLeft();
    expect(await server.json('/instances')).toEqual([]);
  });

  it('leave nothing behind when the announced length is not reached', async () => {
    const socket = await begin([`Content-Length: ${LARGE.bytes.length + 1000}`]);
    socket.end(LARGE.bytes);
    await closed(socket);
    await expectNothingLeft();
    expect(await server.json('/instances')).toEqual([]);
  });

  it('leave nothing behind when the announced chunks do not come', async () => {
    const socket = await begin(['Transfer-Encoding: chunked']);
    socket.end(Buffer.concat([Buffer.from(`${LARGE.bytes.length.toString(16)}\r\n`), LARGE.bytes]));
    await closed(socket);
    await expectNothingLeft();
    expect(await server.json('/instances')).toEqual([]);
  });

  it.each([
    ['a form without its end', [multipart], form(LARGE.bytes).subarray(0, -12)],
    ['a form that ends within a part header', [multipart], Buffer.from('--edge\r\nContent-Disposition: form-d')],
    ['a form of something else', [multipart], form(RANDOM)],
    [
      'a form of something else that goes on',
      [multipart],
      Buffer.concat([form(RANDOM).subarray(0, -10), form(LARGE.bytes)]),
    ],
    ['an empty form', [multipart], Buffer.alloc(0)],
    ['a form with another boundary', ['Content-Type: multipart/form-data; boundary=other'], form(SMALL.bytes)],
    ['a form without a boundary', ['Content-Type: multipart/form-data'], form(SMALL.bytes)],
    ['a form with an endless part header', [multipart], Buffer.from(`--edge\r\nX: ${'x'.repeat(2 * MIB)}`)],
    ['no DICOM file', [], RANDOM],
    ['nothing', [], Buffer.alloc(0)],
    ['a header without an end', [], endlessHeader()],
  ])('are refused, and leave nothing behind: %s', async (_what, headers, body) => {
    const socket = await begin([...headers, `Content-Length: ${body.length}`, 'Connection: close']);
    const answer: Buffer[] = [];
    socket.on('data', (chunk) => answer.push(chunk)).write(body);
    await closed(socket);
    expect(Buffer.concat(answer).toString('latin1')).toMatch(/^HTTP\/1.1 4(00|13)/);
    await expectNothingLeft();
    expect(await server.json('/instances')).toEqual([]);
  });

  it('refuse a length beyond the limit without waiting for the body', async () => {
    const socket = await begin([`Content-Length: ${64 * 1024 ** 3}`, 'Expect: 100-continue']);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1.1 413/);
    socket.destroy();
  });

  it('do not keep others waiting while they trickle in', async () => {
    const slow = await Promise.all(Array.from({ length: 10 }, () => begin([`Content-Length: ${SMALL.bytes.length}`])));
    for (const socket of slow) socket.write(SMALL.bytes.subarray(0, 200));
    const others = sampleFiles('S', { patients: 1, studies: 1, series: 1, instances: 20 });
    await uploadAll(server, others, 4);
    const answers = await Promise.all(
      slow.map(async (socket) => {
        for (const byte of SMALL.bytes.subarray(200, 220)) socket.write(Buffer.of(byte));
        socket.write(SMALL.bytes.subarray(220));
        const [answer] = (await once(socket, 'data')) as [Buffer];
        socket.destroy();
        return answer.toString('latin1');
      }),
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 200/);
    await expectExactly(server, [...others, SMALL]);
    await expectNothingLeft();
  });
});

/** Resolves when the server has closed a connection, in whatever way. */
async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.once('close', () => resolve()).resume());
}

/** A DICOM file whose header goes on beyond what is read of it: one value after another, and no pixel data. */
function endlessHeader(): Buffer {
  const element = Buffer.concat([Buffer.from([9, 0, 16, 16]), Buffer.from('UN\0\0'), Buffer.from([0, 0, 8, 0])]);
  const parts = Array.from({ length: 20 }, () => Buffer.concat([element, Buffer.alloc(512 * 1024)]));
  return Buffer.concat([SMALL.bytes.subarray(0, 400 - (400 % 2)), ...parts]);
}
