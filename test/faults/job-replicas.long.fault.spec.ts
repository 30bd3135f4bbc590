import { isType } from '@annal/projections';
import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { Remains } from '../support/erasure.js';
import { descendantsOf, until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';
import { zipContents } from '../support/zip-contents.js';

interface ShownJob {
  readonly ID: string;
  readonly State: string;
}

/** More than one step of an archive takes. */
const FILES = 600;
const ONE_WORKER = { Annal: { Workers: 1 } };

describe('two servers of one archive, of which the one that runs a job is killed', () => {
  let one: ArchiveServer;
  let other: ArchiveServer;
  const files = sampleFiles('R', { patients: 1, studies: 1, series: 2, instances: FILES / 2 });
  beforeAll(async () => {
    one = await ArchiveServer.start({ configuration: ONE_WORKER });
    other = await one.replica();
    await uploadAll(one, files, 6);
    await one.end();
  }, 240_000);
  afterAll(async () => {
    await other?.close();
    await one?.close();
  });

  /** Stops all processes of a server where they are, or lets them go on. */
  const signalAll = (server: ArchiveServer, signal: 'SIGSTOP' | 'SIGCONT'): void => {
    for (const pid of [server.pid, ...descendantsOf(server.pid)]) process.kill(pid, signal);
  };

  it.each([
    // the step at which it dies; how many steps were done by then
    ['job:before-step:1', 0],
    ['job:after-step:1', 0],
    ['job:before-step:2', 1],
    ['job:after-step:2', 1],
  ])(
    'at %s: the other goes on behind the %i steps that are done',
    async (point, done) => {
      await one.run({ ANNAL_CRASH_POINT: point });
      // the other one would take the job
      signalAll(other, 'SIGSTOP');
      const path = `/studies/${files[0]!.ids.study}/archive`;
      // the answer may get lost with the worker
      void one.fetch(path, { method: 'POST', body: '{"Asynchronous":true}' }).catch(() => undefined);
      await one.logged(/A worker process ended/);
      await one.end('SIGKILL');
      signalAll(other, 'SIGCONT');

      const last = async (): Promise<ShownJob> => (await other.json<ShownJob[]>('/jobs?expand')).at(-1)!;
      await until(async () => (await last())?.State === 'Success', 60_000);
      const job = await last();
      const events = (await (await Remains.of(other)).events()).filter(({ subject }) => subject === `jobs/${job.ID}`);
      const steps = events.flatMap((event) =>
        isType(event, 'annal.job.step-completed.v1') ? [{ step: event.data.step, later: event.data.epoch > 1 }] : [],
      );
      // each is done once, and only what was not done by then is done by a later run
      expect(steps).toEqual([0, 1].map((step) => ({ step, later: step >= done })));

      await one.run();
      const shown = async (server: ArchiveServer): Promise<object> => ({
        ...(await server.json<ShownJob>(`/jobs/${job.ID}`)),
        Timestamp: 'now',
      });
      expect(await shown(one)).toEqual(await shown(other));
      for (const server of [one, other]) {
        const archive = await zipContents(await (await server.fetch(`/jobs/${job.ID}/archive`)).bytes());
        const contents = [...archive.values()].map((bytes) => bytes.toString('base64')).sort();
        expect(contents).toEqual(files.map(({ bytes }) => bytes.toString('base64')).sort());
      }
      await one.end();
    },
    180_000,
  );
});
