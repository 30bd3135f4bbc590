import yauzl from 'yauzl';
import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { until } from '../support/processes.js';
import { sampleFiles } from '../support/sample-study.js';

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
    const zip = await yauzl.fromBufferPromise(Buffer.from(await answer.arrayBuffer()));
    const contents: string[] = [];
    for await (const entry of zip.eachEntry()) {
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      contents.push(Buffer.concat(chunks).toString('base64'));
    }
    expect(contents.sort()).toEqual(files.map(({ bytes }) => bytes.toString('base64')).sort());
    // what the killed runs made belongs to nothing, and the sweeper takes it; the job has the blob of the last run alone
    expect(await query(server, 'SELECT blob_key FROM job_blobs')).toHaveLength(1);
  });
});
