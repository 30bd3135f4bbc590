import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expectConsistent, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { type Attempt, isAcknowledged, tryUploads, uploadAll } from '../support/clients.js';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { sampleFile, type SampleFile } from '../support/sample-study.js';

const probe = mountSmallDisk(1);
probe?.remove();
if (!probe) process.stderr.write('NOT TESTED: a full disk, because this user may not mount a small one\n');
const onSmallDisk = probe ? it : it.skip;

describe('on a full disk', () => {
  let disk: SmallDisk;
  let server: ArchiveServer;
  afterEach(async () => {
    await server.close();
    disk.remove();
  });

  async function start(megabytes: number, configuration: (path: string) => object, embedded: boolean): Promise<void> {
    disk = mountSmallDisk(megabytes)!;
    chmodSync(dirname(disk.path), 0o755);
    server = await ArchiveServer.start({ embedded, configuration: { StableAge: 3600, ...configuration(disk.path) } });
  }
  const files = (name: string, count: number, pixels: number): SampleFile[] =>
    Array.from({ length: count }, (_, i) =>
      sampleFile({ patient: name, study: 1, series: 1, instance: i + 1 }, pixels),
    );
  const refused = (attempts: readonly Attempt[]): Set<number | undefined> =>
    new Set(attempts.filter((attempt) => !isAcknowledged(attempt)).map(({ answer }) => answer?.status));

  async function expectAcknowledged(attempts: readonly Attempt[]): Promise<void> {
    const kept = new Set(
      await expectConsistent(
        server,
        attempts.map(({ file }) => file),
      ),
    );
    expect(attempts.filter(isAcknowledged).filter(({ file }) => !kept.has(file))).toEqual([]);
  }

  onSmallDisk('of DICOM files, uploads are answered 507, and work again when there is room', async () => {
    await start(16, (path) => ({ StorageDirectory: join(path, 'storage') }), false);
    await disk.fill(2_000_000);
    const all = [...files('F', 20, 200_000), ...files('L', 2, 6_000_000)];
    const attempts = await tryUploads(server, all, 6);
    expect(refused(attempts)).toEqual(new Set([507]));
    expect(attempts.filter(isAcknowledged).length).toBeGreaterThan(0);
    await expectAcknowledged(attempts);
    await disk.makeRoom();
    const fitting = all.slice(0, 20);
    await uploadAll(server, fitting, 6);
    await expectExactly(server, fitting);
  });

  onSmallDisk('of the database, uploads are answered 503, and work again when there is room', async () => {
    await start(400, (path) => ({ IndexDirectory: join(path, 'index') }), true);
    await disk.fill(0);
    const all = files('D', 150, 512);
    const attempts = await tryUploads(server, all, 6);
    expect(refused(attempts)).toEqual(new Set([503]));
    await disk.makeRoom();
    await uploadAll(server, [sampleFile({ patient: 'N', study: 1, series: 1, instance: 1 })], 1);
    await uploadAll(server, all, 6);
    await expectExactly(server, [...all, sampleFile({ patient: 'N', study: 1, series: 1, instance: 1 })]);
  });
});
