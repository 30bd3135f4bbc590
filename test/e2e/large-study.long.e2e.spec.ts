import { randomFillSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { buildInstance } from '../../libs/dicom/src/testing/instance-builder.js';
import { orphanBlobs } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { largeFile } from '../support/large-file.js';
import { peakMemory } from '../support/peak-memory.js';
import { descendantsOf } from '../support/processes.js';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Of each process, bytes. */
const MEMORY = 500 * MIB;
/** The whole request, bytes. */
const REQUEST = 10 * GIB;
/** The 4 GiB that come to be stored: files that are held in memory on their way, and some that are not. */
const SLICES = { count: 6144, bytes: MIB / 2 };
const VOLUMES = { count: 2, mebibytes: 512 };
const STUDY = '1.2.3.9';
const OTHER_STUDY = '1.2.3.10';
const BOUNDARY = 'part-of-the-study';
const FAILURE_REASON = '00081197';
/** What a ZIP archive ends with, and so many bytes from its end it begins at most (APPNOTE 4.3.16). */
const END_OF_ARCHIVE = { signature: Buffer.from('PK\x05\x06'), entries: 10, within: 1024 };

/** 12 bits a pixel, half of them black, as in many an image. */
const PIXELS = Buffer.from(
  randomFillSync(Buffer.alloc(SLICES.bytes), 0, SLICES.bytes / 2).map((byte, at) => (at % 2 ? byte & 0x0f : byte)),
);

interface Part {
  readonly bytes: Iterable<Buffer>;
  readonly refused?: true;
}

function slice(index: number, studyUid = STUDY): Iterable<Buffer> {
  const seriesUid = `${studyUid}.1`;
  const sopUid = `${seriesUid}.${index}`;
  return [buildInstance({ studyUid, seriesUid, sopUid, instanceNumber: index, pixelBytes: PIXELS })];
}

function volume(index: number): Iterable<Buffer> {
  const seriesUid = `${STUDY}.2`;
  return largeFile({ studyUid: STUDY, seriesUid, sopUid: `${seriesUid}.${index}` }, VOLUMES.mebibytes);
}

/** The study, and then, so that the disk has room for it, without an end what is stored already and what is refused. */
function* parts(): Generator<Part, void> {
  for (let index = 1; index <= SLICES.count; index++) yield { bytes: slice(index) };
  for (let index = 1; index <= VOLUMES.count; index++) yield { bytes: volume(index) };
  for (;;) {
    yield { bytes: volume(1) };
    for (let index = 1; index <= 500; index++) {
      yield { bytes: slice(index) };
      yield { bytes: slice(index, OTHER_STUDY), refused: true };
    }
  }
}

/** The body of the request, made while it is sent, and what was sent so far. */
class Request {
  bytes = 0;
  accepted = 0;
  refused = 0;

  *body(): Generator<Buffer, void> {
    for (const { bytes, refused } of parts()) {
      if (this.bytes >= REQUEST) break;
      if (refused) this.refused++;
      else this.accepted++;
      yield Buffer.from(`\r\n--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`);
      for (const chunk of bytes) {
        this.bytes += chunk.length;
        yield chunk;
      }
    }
    yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  }
}

describe('a study of 4 GiB', () => {
  let server: ArchiveServer;
  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1 } } });
  });
  afterAll(() => server?.close());

  const peakOf = (work: () => Promise<void>): Promise<number> =>
    peakMemory([server.pid, ...descendantsOf(server.pid)], work);

  it('comes in a request of 10 GiB while memory stays flat', async () => {
    const request = new Request();
    const peak = await peakOf(async () => {
      const answer = await server.fetch(`/dicom-web/studies/${STUDY}`, {
        method: 'POST',
        headers: { 'Content-Type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}` },
        body: Readable.toWeb(Readable.from(request.body())) as ReadableStream,
        duplex: 'half',
      });
      expect(answer.status).toBe(409);
      const said = (await answer.json()) as Record<'00081198' | '00081199', { Value: Record<string, unknown>[] }>;
      expect(said['00081199'].Value).toHaveLength(request.accepted);
      expect(said['00081198'].Value).toHaveLength(request.refused);
      const reasons = new Set(said['00081198'].Value.map((failed) => JSON.stringify(failed[FAILURE_REASON])));
      expect([...reasons]).toEqual(['{"vr":"US","Value":[272]}']);
    });
    expect(request.bytes).toBeGreaterThanOrEqual(REQUEST);
    expect(peak).toBeLessThan(MEMORY);
    const { CountInstances } = await server.json<{ CountInstances: number }>('/statistics');
    expect(CountInstances).toBe(SLICES.count + VOLUMES.count);
    expect(await orphanBlobs(server)).toEqual([]);
  }, 600_000);

  it('is downloaded as an archive while memory stays flat', async () => {
    const [study] = await server.json<string[]>('/studies');
    let end = Buffer.alloc(0);
    const peak = await peakOf(async () => {
      const answer = await server.fetch(`/studies/${study}/archive`);
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>)
        end = Buffer.concat([end, chunk.subarray(-END_OF_ARCHIVE.within)]).subarray(-END_OF_ARCHIVE.within);
    });
    expect(peak).toBeLessThan(MEMORY);
    const record = end.subarray(end.lastIndexOf(END_OF_ARCHIVE.signature));
    expect(record.readUInt16LE(END_OF_ARCHIVE.entries)).toBe(SLICES.count + VOLUMES.count);
  }, 600_000);
});
