import { setTimeout as delay } from 'node:timers/promises';
import { buildInstance } from '../../libs/dicom/src/testing/instance-builder.js';
import type { BuilderEntry } from '../../libs/dicom/src/testing/element-writer.js';
import { ArchiveServer } from '../support/archive-server.js';
import { workersOf } from '../support/processes.js';
import { sampleFile, sampleFiles } from '../support/sample-study.js';
import { buildZip } from '../support/zip-builder.js';

const MIB = 1024 * 1024;

/** So many private elements in as many groups as that takes. */
function manyElements(count: number): BuilderEntry[] {
  return Array.from({ length: count }, (_, i) => [((0x1001 + 2 * (i >> 14)) << 16) + 0x1000 + (i & 0x3fff), 'SH', '1']);
}

/** Sequences within each other. */
function nested(depth: number): BuilderEntry {
  return depth === 0 ? [0x00080050, 'SH', '1'] : [0x00081140, 'SQ', [[nested(depth - 1)]]];
}

describe('limits of uploads', () => {
  const limits = {
    MaxDicomDepth: 8,
    MaxDicomElements: 50_000,
    MaxDicomValueLength: MIB,
    MaxZipEntries: 3,
    MaxZipEntrySize: MIB,
    MaxMultipartParts: 2,
    MaxMultipartHeaderSize: 500,
    MaxJsonBodySize: 5000,
    MaxQueryResults: 2,
  };
  let server: ArchiveServer;
  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1, Limits: limits } } });
  });
  afterAll(() => server.close());

  const files = sampleFiles('L', { patients: 1, studies: 1, series: 1, instances: 4 }).map(({ bytes }) => bytes);
  const form = (count: number): string =>
    `${'--edge\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n\r\n'.repeat(count)}--edge--\r\n`;

  it('leave the process in which they are met alone, also where a thread parses', async () => {
    const workers = workersOf(server.pid);
    const stored = await server.upload(buildInstance({ sopUid: '1.2.3.4.5', extra: manyElements(30_000) }));
    expect(stored).toMatchObject({ status: 200, body: { Status: 'Success' } });
    const tags = await server.json<Record<string, string>>(`/instances/${stored.body.ID}/tags?short`);
    expect(Object.keys(tags).length).toBeGreaterThan(30_000);
    expect((await server.upload(Buffer.alloc(3 * MIB))).status).toBeGreaterThanOrEqual(400);
    expect(workersOf(server.pid)).toEqual(workers);
  });

  it.each<[string, Buffer]>([
    ['elements', buildInstance({ extra: manyElements(60_000) })],
    ['depth of sequences', buildInstance({ extra: [nested(9)] })],
    ['length of a value', buildInstance({ extra: [[0x00420011, 'OB', Buffer.alloc(MIB + 2)]] })],
    ['entries of an archive', buildZip(files.map((content, i) => ({ name: `${i}`, content })))],
    ['size of an entry', buildZip([{ name: 'a', content: buildInstance({ pixelBytes: 2 * MIB }) }])],
  ])('refuse a file beyond the %s', async (_what, file) => {
    const { status, body } = await server.upload(file);
    expect({ status, body }).toMatchObject({ status: 413, body: { OrthancStatus: 8, Uri: '/instances' } });
  });

  it('refuse a form of too many parts', async () => {
    const headers = { 'Content-Type': 'multipart/form-data; boundary=edge' };
    const response = await server.fetch('/instances', { method: 'POST', headers, body: form(3) });
    expect(response.status).toBe(413);
  });

  it('cut the header of a part of a form: what it is called beyond that, nobody reads', async () => {
    const headers = { 'Content-Type': 'multipart/form-data; boundary=edge' };
    const { ids, bytes } = sampleFile({ patient: 'H', study: 1, series: 1, instance: 1 });
    for (const [padding, status, found] of [
      [1000, 400, 404],
      [100, 200, 200],
    ] as const) {
      const begin = `--edge\r\nX: ${'x'.repeat(padding)}\r\nContent-Disposition: form-data; name="a"\r\n\r\n`;
      const body = Buffer.concat([Buffer.from(begin), bytes, Buffer.from('\r\n--edge--\r\n')]);
      expect((await server.fetch('/instances', { method: 'POST', headers, body })).status).toBe(status);
      expect((await server.fetch(`/instances/${ids.instance}`)).status).toBe(found);
    }
  });

  it('refuse a JSON body that is too large', async () => {
    const body = JSON.stringify({ Level: 'Study', Query: { PatientName: 'x'.repeat(6000) } });
    expect((await server.fetch('/tools/find', { method: 'POST', body })).status).toBe(413);
  });

  it('bound the resources of one answer, whose parts can be asked for', async () => {
    for (const file of files) expect((await server.upload(file)).status).toBe(200);
    const body = JSON.stringify({ Level: 'Instance', Query: {} });
    for (const expand of ['', '?expand']) {
      expect((await server.fetch(`/instances${expand}`)).status).toBe(413);
    }
    expect((await server.fetch('/tools/find', { method: 'POST', body })).status).toBe(413);
    expect(await server.json('/instances?since=1&limit=2')).toHaveLength(2);
  });
});

describe('limits of time', () => {
  let server: ArchiveServer;
  const start = async (Limits: object): Promise<void> => {
    server = await ArchiveServer.start({ configuration: { Annal: { Workers: 1, Limits } } });
  };
  afterEach(() => server.close());

  it('end the parsing of a file', async () => {
    await start({ ParseTimeout: 0.001 });
    expect((await server.upload(buildInstance({ extra: manyElements(30_000) }))).status).toBe(413);
    expect((await server.upload(sampleFile({ patient: 'T', study: 1, series: 1, instance: 1 }).bytes)).status).toBe(
      200,
    );
  });

  it('end a request that does not come in', async () => {
    await start({ RequestTimeout: 1 });
    const body = new ReadableStream({
      async pull(controller) {
        await delay(200);
        controller.enqueue(new Uint8Array(10));
      },
    });
    const sent = server.fetch('/instances', { method: 'POST', body, duplex: 'half' });
    await expect(sent.then(({ status }) => status)).resolves.toBe(408);
  });
});
