import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buildInstance } from '../../libs/dicom/src/testing/instance-builder.js';
import { ArchiveServer, type UploadAnswer } from '../support/archive-server.js';
import { orphanBlobs } from '../support/archive-checks.js';
import { residentMemory, workersOf } from '../support/processes.js';

const MIB = 1024 * 1024;
/** Bytes of pixels, made while they are sent. */
const SIZE = 300 * MIB;
const CHUNK = Buffer.from(Array.from({ length: MIB }, (_, i) => (i * 2654435761) >>> 11));

describe('a very large file', () => {
  let server: ArchiveServer;
  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1 } } });
  });
  afterAll(() => server.close());

  /** A DICOM file whose pixels end the file, in pieces. */
  function* pieces(instance: number): Generator<Buffer, void> {
    const header = buildInstance({ sopUid: `1.2.3.${instance}`, pixelBytes: Buffer.alloc(2) });
    const start = Buffer.from(header.subarray(0, header.length - 2));
    start.writeUInt32LE(SIZE, start.length - 4);
    yield start;
    for (let sent = 0; sent < SIZE; sent += CHUNK.length) yield CHUNK;
  }

  it('is stored and read back while memory stays flat, also two at once', async () => {
    const [worker] = workersOf(server.pid);
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, residentMemory(worker!))), 50);
    const uploads = await Promise.all(
      [1, 2].map(async (instance) => {
        const hash = createHash('md5');
        const body = Readable.from(
          (function* () {
            for (const piece of pieces(instance)) {
              hash.update(piece);
              yield piece;
            }
          })(),
        );
        const response = await server.fetch('/instances', {
          method: 'POST',
          body: Readable.toWeb(body) as ReadableStream,
          duplex: 'half',
        });
        return { status: response.status, ...((await response.json()) as UploadAnswer), md5: hash.digest('hex') };
      }),
    );
    expect(uploads.map(({ status, Status }) => [status, Status])).toEqual([
      [200, 'Success'],
      [200, 'Success'],
    ]);
    for (const { ID, md5 } of uploads) {
      const hash = createHash('md5');
      const response = await server.fetch(`/instances/${ID}/file`);
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) hash.update(chunk);
      expect(hash.digest('hex')).toBe(md5);
    }
    clearInterval(watch);
    expect(peak).toBeLessThan(400 * MIB);
    expect(await orphanBlobs(server)).toEqual([]);
  });
});
