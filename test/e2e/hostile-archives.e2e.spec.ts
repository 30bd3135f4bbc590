import { gunzipSync, gzipSync } from 'node:zlib';
import { ArchiveServer, type UploadAnswer } from '../support/archive-server.js';
import { expectExactly, orphanBlobs } from '../support/archive-checks.js';
import { sampleFile, type SampleFile } from '../support/sample-study.js';
import { buildZip, type ZipEntry } from '../support/zip-builder.js';

const MIB = 1024 * 1024;

describe('hostile archives', () => {
  let server: ArchiveServer;
  const stored: SampleFile[] = [];
  let instance = 0;

  beforeAll(async () => {
    server = await ArchiveServer.start({ configuration: { Annal: { Limits: { MaxInflatedSize: 128 * MIB } } } });
  });
  afterAll(async () => {
    await expectExactly(server, stored);
    expect(await orphanBlobs(server)).toEqual([]);
    await server.close();
  });

  function fresh(pixels = 512): SampleFile {
    return sampleFile({ patient: 'Z', study: 1, series: 1, instance: ++instance }, pixels);
  }
  async function send(
    body: Buffer,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; answer: unknown }> {
    const response = await server.fetch('/instances', { method: 'POST', body: new Uint8Array(body), headers });
    const text = await response.text();
    return { status: response.status, answer: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }
  const statuses = (answer: unknown): string[] => (answer as UploadAnswer[]).map(({ Status }) => Status);

  it.each([
    ['leads upwards', '../../../../tmp/annal-escaped'],
    ['is absolute', '/etc/annal-absolute'],
    ['has a drive', 'C:\\windows\\a.dcm'],
    ['has a NUL', 'a\0b'],
    ['is dots alone', '..'],
    ['is long and of emoji', '\uD83D\uDE00'.repeat(1000)],
    ['leads down and up', 'folder/../x'],
  ])('takes no notice of a name that %s', async (_what, name) => {
    const file = fresh();
    stored.push(file);
    const { status, answer } = await send(buildZip([{ name, content: file.bytes }]));
    expect([status, statuses(answer)]).toEqual([200, ['Success']]);
  });

  it('passes over what is no DICOM file, what is encrypted, folders and archives', async () => {
    const file = fresh();
    stored.push(file);
    const { status, answer } = await send(
      buildZip([
        { name: 'readme.txt', content: Buffer.from('hello') },
        { name: 'empty' },
        { name: 'folder/' },
        { name: 'secret.dcm', content: fresh().bytes, encrypted: true },
        { name: 'nested.zip', content: buildZip([{ name: 'x', content: fresh().bytes }]), stored: true },
        { name: 'image.dcm', content: file.bytes, stored: true },
        { name: 'image.dcm', content: file.bytes },
      ]),
    );
    expect(status).toBe(200);
    expect(statuses(answer).sort()).toEqual(['AlreadyStored', 'Success']);
  });

  it('answers an empty archive with an empty list', async () => {
    expect(await send(buildZip([]))).toEqual({ status: 200, answer: [] });
  });

  it('refuses a truncated archive, cut anywhere', async () => {
    const whole = buildZip([{ name: 'a', content: fresh().bytes }]);
    for (const share of [0.01, 0.3, 0.6, 0.9, 0.99]) {
      const { status } = await send(whole.subarray(0, Math.max(4, Math.floor(whole.length * share))));
      expect(status).toBe(400);
    }
  });

  it.each([
    ['fewer', 10],
    ['more', 100_000],
    ['4 GB', 0xfffffffe],
  ])('refuses an entry that claims to have %s bytes', async (_more, claimedSize) => {
    const { status } = await send(buildZip([{ name: 'a', content: fresh().bytes, claimedSize }]));
    expect(status).toBe(400);
  });

  it('refuses damaged compressed data', async () => {
    const zip = buildZip([{ name: 'a', content: fresh(4096).bytes }]);
    zip.fill(0xff, 60, 200);
    expect((await send(zip)).status).toBe(400);
  });

  it('stops inflating at a ratio that no image has', async () => {
    const bomb = Buffer.concat([fresh().bytes, Buffer.alloc(100 * MIB)]);
    expect((await send(buildZip([{ name: 'a', content: bomb }]))).status).toBe(413);
  });

  it('stops at the limit for all entries together, also where they share their data', async () => {
    const file = fresh(7 * MIB);
    const shared = Array.from({ length: 40 }, (_, i): ZipEntry => ({ name: `${i}`, sharesDataOf: 0 }));
    expect((await send(buildZip([{ name: 'x', content: file.bytes }, ...shared]))).status).toBe(413);
    // whatever was complete before the limit is kept
    const { body } = await server.upload(file.bytes);
    expect(['Success', 'AlreadyStored']).toContain(body.Status);
    stored.push(file);
  });

  it('refuses more entries than the limit at once', async () => {
    const many = Array.from({ length: 100_001 }, (_, i): ZipEntry => ({ name: String(i), stored: true }));
    expect((await send(buildZip(many))).status).toBe(413);
  });

  it('takes compressed bodies, and refuses those that are bombs, damaged or cut', async () => {
    const file = fresh();
    stored.push(file);
    const gzip = { 'Content-Encoding': 'gzip' };
    const body = gzipSync(file.bytes);
    expect((await send(body, gzip)).status).toBe(200);
    const zipped = fresh();
    stored.push(zipped);
    expect((await send(gzipSync(buildZip([{ name: 'x', content: zipped.bytes }])), gzip)).status).toBe(200);
    expect((await send(body.subarray(0, body.length - 20), gzip)).status).toBe(400);
    expect((await send(file.bytes, gzip)).status).toBe(400);
    expect(gunzipSync(body)).toEqual(file.bytes);
    const bomb = gzipSync(Buffer.concat([fresh().bytes, Buffer.alloc(100 * MIB)]));
    expect((await send(bomb, gzip)).status).toBe(413);
  });
});
