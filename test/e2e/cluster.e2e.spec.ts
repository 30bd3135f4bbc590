import { Cluster } from '../support/cluster.js';
import { asClients } from '../support/clients.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { readTopic } from '../support/kafka/records.js';
import { until } from '../support/processes.js';
import { startTestS3, type TestS3 } from '../support/s3/test-s3.js';
import { type SampleFile, sampleFiles } from '../support/sample-study.js';
import { zipContents } from '../support/zip-contents.js';

interface ShownJob {
  readonly ID: string;
  readonly State: string;
}

interface Change {
  readonly ChangeType: string;
  readonly ID: string;
  readonly Seq: number;
}

const s3: TestS3 | undefined = await startTestS3();

describeWithKafka('A cluster of two servers and two projectors', (kafka) => {
  let cluster: Cluster;

  beforeAll(async () => {
    // longer than a study's uploads may lie apart
    if (s3) cluster = await Cluster.start(kafka, s3, { ANNAL_STABLE_AGE: '10' });
  }, 180_000);
  afterAll(async () => {
    await cluster?.close();
    await s3?.stop();
  }, 120_000);

  const withS3 = s3 ? it : it.skip;

  /** Each file to one server or the other, again until one of them has it. */
  async function upload(files: readonly SampleFile[], clients = 4): Promise<void> {
    let turn = 0;
    await asClients(clients, files, async ({ bytes }) => {
      const tried = (): Promise<number> => cluster.servers[turn++ % 2]!.upload(bytes).catch(() => 0);
      await until(async () => (await tried()) === 200, 90_000);
    });
  }

  async function changes(): Promise<readonly Change[]> {
    return (await cluster.servers[0].json<{ Changes: Change[] }>('/changes?limit=100000')).Changes;
  }

  withS3('shows on one server at once what was stored on the other, and no longer what was deleted there', async () => {
    const [one, other] = cluster.servers;
    for (const { bytes, ids } of sampleFiles('A', { patients: 1, studies: 1, series: 1, instances: 10 })) {
      expect(await one.upload(bytes)).toBe(200);
      expect((await other.json<{ ID: string }>(`/instances/${ids.instance}`)).ID).toBe(ids.instance);
      expect(Buffer.from(await (await other.fetch(`/instances/${ids.instance}/file`)).arrayBuffer())).toEqual(bytes);
      expect((await other.fetch(`/instances/${ids.instance}`, { method: 'DELETE' })).status).toBe(200);
      expect((await one.fetch(`/instances/${ids.instance}`)).status).toBe(404);
    }
  });

  withS3('runs a job once, and shows it alike on both servers, with what it made', async () => {
    const files = sampleFiles('J', { patients: 1, studies: 1, series: 1, instances: 5 });
    await upload(files);
    const [one, other] = cluster.servers;
    const path = `/studies/${files[0]!.ids.study}/archive`;
    const answer = await one.fetch(path, { method: 'POST', body: '{"Asynchronous":true}' });
    const { ID } = (await answer.json()) as ShownJob;
    // known to both as soon as it is answered
    expect((await other.json<ShownJob>(`/jobs/${ID}`)).ID).toBe(ID);
    await until(async () => (await other.json<ShownJob>(`/jobs/${ID}`)).State === 'Success');
    const shown = async (server: (typeof cluster.servers)[0]): Promise<object> => ({
      ...(await server.json<object>(`/jobs/${ID}`)),
      Timestamp: 'now',
    });
    expect(await shown(one)).toEqual(await shown(other));
    for (const server of cluster.servers) {
      expect(await server.json('/jobs')).toEqual([ID]);
      const archive = await zipContents(await (await server.fetch(`/jobs/${ID}/archive`)).bytes());
      expect([...archive.values()].every((file) => files.some(({ bytes }) => bytes.equals(file)))).toBe(true);
      expect(archive.size).toBe(files.length);
    }
  });

  withS3('declares each resource stable once', async () => {
    const files = sampleFiles('S', { patients: 2, studies: 2, series: 2, instances: 2 });
    await upload(files);
    const studies = [...new Set(files.map(({ ids }) => ids.study))];
    const stableOf = async (id: string): Promise<number> =>
      (await changes()).filter(({ ChangeType, ID }) => ChangeType === 'StableStudy' && ID === id).length;
    for (const id of studies) await until(async () => (await stableOf(id)) > 0, 60_000);
    for (const id of studies) expect(await stableOf(id)).toBe(1);
  });

  withS3('goes on when projectors and servers are killed, and publishes every change once', async () => {
    const files = sampleFiles('K', { patients: 4, studies: 2, series: 2, instances: 10 });
    const uploading = upload(files);
    for (const projector of cluster.projectors) {
      await projector.end('SIGKILL');
      // the other one takes over: what comes next is folded again
      await upload(sampleFiles(`T${projector.port}`, { patients: 1, studies: 1, series: 1, instances: 2 }));
      await projector.start();
    }
    const [, second] = cluster.servers;
    await second.end('SIGKILL');
    await second.start();
    await uploading;
    for (const { ids, bytes } of files) {
      for (const server of cluster.servers) {
        const file = await server.fetch(`/instances/${ids.instance}/file`);
        expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
      }
    }
    const last = (await changes()).at(-1)!.Seq;
    await until(async () => (await published()).length >= last, 60_000);
    expect((await published()).slice(0, last)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  });

  async function published(): Promise<number[]> {
    return (await readTopic(kafka, cluster.changesTopic)).map((text) => (JSON.parse(text) as Change).Seq);
  }
});
