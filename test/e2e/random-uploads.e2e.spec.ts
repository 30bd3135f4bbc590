import fc from 'fast-check';
import { ArchiveServer } from '../support/archive-server.js';
import { orphanBlobs } from '../support/archive-checks.js';
import { workersOf } from '../support/processes.js';
import { sampleFile, sampleFiles } from '../support/sample-study.js';
import { buildZip } from '../support/zip-builder.js';

const FILE = sampleFile({ patient: 'R', study: 1, series: 1, instance: 1 }).bytes;
const ZIP = buildZip(
  sampleFiles('R', { patients: 1, studies: 1, series: 1, instances: 3 }).map(({ bytes }, i) => ({
    name: `${i}`,
    content: bytes,
  })),
);

/** What transmission, disks and ill will do to a file. */
const damage = (file: Buffer): fc.Arbitrary<Buffer> => {
  const at = fc.nat(file.length - 1);
  return fc.oneof(
    at.map((end) => file.subarray(0, end)),
    fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 16 })).map(([start, bytes]) => {
      const damaged = Buffer.from(file);
      damaged.set(bytes.subarray(0, file.length - start), start);
      return damaged;
    }),
    fc
      .tuple(at, fc.uint8Array({ minLength: 1, maxLength: 64 }))
      .map(([start, bytes]) => Buffer.concat([file.subarray(0, start), bytes, file.subarray(start)])),
    fc.tuple(at, at).map(([from, to]) => Buffer.concat([file.subarray(0, from), file.subarray(to)])),
    fc.uint8Array({ maxLength: 4096 }).map((bytes) => Buffer.concat([file.subarray(0, 132), bytes])),
    fc.uint8Array({ maxLength: 512 }).map((bytes) => Buffer.from(bytes)),
  );
};

describe('damaged uploads', () => {
  let server: ArchiveServer;
  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1 } } });
  });
  afterAll(() => server.close());

  it.each([
    ['DICOM files', FILE],
    ['archives', ZIP],
  ])('%s are taken or refused, and harm nothing', async (_what, file) => {
    const before = workersOf(server.pid);
    await fc.assert(
      fc.asyncProperty(damage(file), async (bytes) => {
        const response = await server.fetch('/instances', { method: 'POST', body: new Uint8Array(bytes) });
        const text = await response.text();
        // 404: no identifiers, as Orthanc answers
        expect([200, 400, 404, 413]).toContain(response.status);
        expect(text).not.toMatch(/\/tmp\/|node_modules|SELECT|at .*\.js/);
      }),
      { numRuns: 250 },
    );
    expect(workersOf(server.pid)).toEqual(before);
    for (const id of await server.json<string[]>('/instances')) {
      for (const route of ['', '/tags', '/simplified-tags', '/file', '/header']) {
        const response = await server.fetch(`/instances/${id}${route}`);
        await response.arrayBuffer();
        expect([route, response.status]).toEqual([route, 200]);
      }
    }
    expect(await orphanBlobs(server)).toEqual([]);
  });
});
