import type { CrashPoint } from '@annal/platform';
import { expectConsistent, expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, type Attempt, isAcknowledged, tryUploads, uploadAll } from '../support/clients.js';
import { POINTS, processAt, type Writer, written } from '../support/crash-points.js';
import { sampleFile, type SampleFile, sampleFiles } from '../support/sample-study.js';

const CLIENTS = 6;
/** Larger than what is held in memory: it goes to the blob store as it arrives. */
const LARGE = 5 * 1024 * 1024;

type Case = readonly [point: CrashPoint, writer: Writer];

const ofCommands = POINTS.filter((point) => !point.startsWith('garbage:')).flatMap((point): Case[] =>
  /^(log|fold):/.test(point)
    ? [
        [point, 'worker'],
        [point, 'primary'],
      ]
    : [[point, 'worker']],
);
const ofFiles = POINTS.filter((point) => point.startsWith('store:'));
const ofDeletions = ofCommands.filter(([point]) => !point.startsWith('store:'));

describe('killed between two steps', () => {
  let server: ArchiveServer;
  afterEach(() => server.close());

  it.each(ofCommands)(
    'of storing, at %s, written by the %s: every acknowledged upload is there, once, and nothing half',
    async (point, writer) => {
      server = await ArchiveServer.start({
        configuration: written(writer),
        environment: { ANNAL_CRASH_POINT: `${point}:7` },
      });
      const files = sampleFiles('P', { patients: 2, studies: 2, series: 2, instances: 5 });
      const attempts = await tryUploads(server, files, CLIENTS);
      await recover(server, point, writer);
      await expectAcknowledged(server, attempts);
      await uploadAll(server, files, CLIENTS);
      await expectExactly(server, files);
    },
  );

  it.each(ofFiles)('of storing a large file, at %s: nothing of it is seen, and it can be sent again', async (point) => {
    server = await ArchiveServer.start({
      configuration: written('worker'),
      environment: { ANNAL_CRASH_POINT: point },
    });
    const file = sampleFile({ patient: 'L', study: 1, series: 1, instance: 1 }, LARGE);
    const attempts = await tryUploads(server, [file], 1);
    expect(attempts.filter(isAcknowledged)).toEqual([]);
    await recover(server, point, 'worker');
    await expectExactly(server, []);
    await uploadAll(server, [file], 1);
    await expectExactly(server, [file]);
  });

  it.each(ofDeletions)('of deleting, at %s, written by the %s: a study is there or not', async (point, writer) => {
    server = await ArchiveServer.start({ configuration: written(writer) });
    const files = sampleFiles('D', { patients: 4, studies: 2, series: 2, instances: 2 });
    const others = sampleFiles('O', { patients: 1, studies: 1, series: 1, instances: 20 });
    await uploadAll(server, files, CLIENTS);
    await server.end();
    await server.run({ ANNAL_CRASH_POINT: `${point}:3` });

    const studies = [...new Set(files.map(({ ids }) => ids.study))];
    const uploading = tryUploads(server, others, 2);
    const deleted = await asClients(2, studies, async (id) => ({ id, status: await remove(server, `/studies/${id}`) }));
    const attempts = await uploading;
    await recover(server, point, writer);

    const kept = await expectAcknowledged(server, attempts, files);
    for (const { id, status } of deleted) {
      const left = kept.filter(({ ids }) => ids.study === id).length;
      if (status === 200) expect(left).toBe(0);
      else expect([0, 4]).toContain(left);
    }
    for (const id of studies) await remove(server, `/studies/${id}`);
    await uploadAll(server, others, CLIENTS);
    await expectExactly(server, others);
  });
});

/** Waits for the crash that was ordered, then has the server work again without the order. */
async function recover(server: ArchiveServer, ...[point, writer]: Case): Promise<void> {
  if (processAt(point, writer) === 'primary') {
    await server.ended();
  } else {
    await server.logged(/worker process ended \(SIGKILL\)/);
    await server.end('SIGKILL');
  }
  await server.run();
}

async function expectAcknowledged(
  server: ArchiveServer,
  attempts: readonly Attempt[],
  others: readonly SampleFile[] = [],
): Promise<SampleFile[]> {
  const files = attempts.map(({ file }) => file);
  const kept = await expectConsistent(server, [...files, ...others]);
  const ids = new Set(kept.map(({ ids: { instance } }) => instance));
  const acknowledged = attempts.filter(isAcknowledged);
  expect(acknowledged.filter(({ file }) => !ids.has(file.ids.instance))).toEqual([]);
  expect(acknowledged.length).toBeLessThan(attempts.length);
  return kept;
}

async function remove(server: ArchiveServer, path: string): Promise<number | undefined> {
  return server.fetch(path, { method: 'DELETE' }).then(
    async (response) => {
      await response.text();
      return response.status;
    },
    () => undefined,
  );
}
