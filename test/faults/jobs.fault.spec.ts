import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';
import { zipContents } from '../support/zip-contents.js';

interface ShownJob {
  readonly ID: string;
  readonly State: string;
  readonly Content: { readonly InstancesCount: number };
}

describe('killed while it runs a job', () => {
  let server: ArchiveServer;
  afterAll(() => server.close());

  it('a server goes on with it after its restart, and makes what was asked for once', async () => {
    server = await ArchiveServer.start({ environment: { ANNAL_CRASH_POINT: 'job:after-step' } });
    const files = sampleFiles('J', { patients: 1, studies: 1, series: 2, instances: 4 });
    await uploadAll(server, files, 4);
    const study = files[0]!.ids.study;
    // the answer may get lost with the worker
    await server
      .fetch(`/studies/${study}/archive`, { method: 'POST', body: '{"Asynchronous":true}' })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined);
    await server.logged(/A worker process ended/);
    await server.end('SIGKILL');
    await server.run();

    let jobs: readonly ShownJob[] = [];
    await until(async () => {
      jobs = await server.json<ShownJob[]>('/jobs?expand');
      return jobs[0]?.State === 'Success';
    });
    expect(jobs).toHaveLength(1);
    expect(jobs[0]!.Content.InstancesCount).toBe(files.length);
    const answer = await server.fetch(`/jobs/${jobs[0]!.ID}/archive`);
    const entries = await zipContents(await answer.bytes());
    expect([...entries.values()].map((bytes) => bytes.toString('base64')).sort()).toEqual(
      files.map(({ bytes }) => bytes.toString('base64')).sort(),
    );
    // what the killed runs made belongs to nothing, and the sweeper takes it; the job has the blob of the last run alone
    expect(await query(server, 'SELECT blob_key FROM job_blobs')).toHaveLength(1);
  });

  it('and forgets what was there before a start that does not want it', async () => {
    const [before] = await server.json<string[]>('/jobs');
    await server.end('SIGKILL');
    await server.run({ NO_JOBS: 'true' });
    await until(async () => (await server.json<string[]>('/jobs')).length === 0);
    expect((await server.fetch(`/jobs/${before}/archive`)).status).toBe(404);
    expect(await query(server, 'SELECT blob_key FROM job_blobs')).toEqual([]);
    const body = '{"Resources":[],"Asynchronous":true}';
    const answer = await server.fetch('/tools/create-archive', { method: 'POST', body });
    const { ID } = (await answer.json()) as { ID: string };
    await until(async () => (await server.json<ShownJob>(`/jobs/${ID}`)).State === 'Success');
  });
});
