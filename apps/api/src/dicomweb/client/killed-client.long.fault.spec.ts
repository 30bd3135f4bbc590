import { ArchiveServer } from '../../../../../test/support/archive-server.js';
import { uploadAll } from '../../../../../test/support/clients.js';
import { until } from '../../../../../test/support/processes.js';
import { type SampleFile, sampleFiles } from '../../../../../test/support/sample-study.js';
import { TcpProxy } from '../../../../../test/support/tcp-proxy.js';

interface ShownJob {
  readonly State: string;
  readonly Content: Readonly<Record<string, unknown>>;
}

/** More than one step. */
const INSTANCES = 600;

describe('killed at a step', () => {
  let sender: ArchiveServer;
  let receiver: ArchiveServer;
  let proxy: TcpProxy;
  /** What the receiver was asked for through the proxy. */
  const asked: string[] = [];
  let files: readonly SampleFile[];
  beforeAll(async () => {
    receiver = await ArchiveServer.start();
    proxy = await TcpProxy.listen(() => ({
      fromClient: (chunk) => {
        asked.push(...[...chunk.toString('latin1').matchAll(/^GET (\S+) HTTP/gm)].map(([, path]) => path!));
        return chunk;
      },
      fromServer: (chunk) => chunk,
    }));
    proxy.forwardTo(receiver.port);
    const Servers = { b: [`${receiver.url}/dicom-web/`], seen: [`http://${proxy.address}/dicom-web/`] };
    sender = await ArchiveServer.start({
      configuration: { DicomWeb: { Servers } },
      environment: { ANNAL_CRASH_POINT: 'job:after-step' },
    });
    files = sampleFiles('K', { patients: 1, studies: 2, series: 2, instances: INSTANCES / 4 });
    await uploadAll(sender, files, 8);
  });
  afterAll(async () => {
    await sender?.close();
    await proxy?.close();
    await receiver?.close();
  });

  /** Has the server killed in the step of a job, and waits until it ended after a restart. */
  const killedAndDone = async (path: string, body: object, to = 'b'): Promise<ShownJob> => {
    const text = JSON.stringify({ ...body, Synchronous: false });
    // the answer may get lost with the worker
    await sender
      .fetch(`/dicom-web/servers/${to}/${path}`, { method: 'POST', body: text })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined);
    await sender.logged(/A worker process ended/);
    await sender.end('SIGKILL');
    await sender.run();
    let jobs: readonly ShownJob[] = [];
    await until(async () => {
      jobs = await sender.json<ShownJob[]>('/jobs?expand');
      return jobs.length > 0 && jobs.every(({ State }) => State === 'Success' || State === 'Failure');
    });
    return jobs.at(-1)!;
  };
  const count = async (server: ArchiveServer): Promise<number> =>
    (await server.json<{ CountInstances: number }>('/statistics')).CountInstances;
  const isWhole = async (server: ArchiveServer): Promise<void> => {
    for (const { ids, bytes } of files) {
      const answer = await server.fetch(`/instances/${ids.instance}/file`);
      expect(bytes.equals(await answer.bytes())).toBe(true);
    }
  };

  it('a sender goes on with what the receiver has not confirmed, and nothing is missing or there twice', async () => {
    const Resources = [...new Set(files.map(({ ids }) => ids.study))];
    const job = await killedAndDone('stow', { Resources });
    expect(job).toMatchObject({ State: 'Success', Content: { InstancesCount: String(INSTANCES) } });
    expect(await count(receiver)).toBe(INSTANCES);
    await isWhole(receiver);
  });

  const emptied = async (crashPoint: string): Promise<void> => {
    for (const id of new Set(files.map(({ ids }) => ids.study))) {
      await sender.fetch(`/studies/${id}`, { method: 'DELETE' });
    }
    expect(await count(sender)).toBe(0);
    await sender.end('SIGTERM');
    await sender.run({ ANNAL_CRASH_POINT: crashPoint });
  };

  it('what was being retrieved is retrieved whole', async () => {
    const studies = await receiver.json<{ MainDicomTags: Record<string, string> }[]>('/studies?expand');
    const uids = studies.map(({ MainDicomTags }) => MainDicomTags.StudyInstanceUID!);
    await emptied('job:after-step');
    const job = await killedAndDone('retrieve', { Resources: uids.map((Study) => ({ Study })) });
    expect(job).toMatchObject({ State: 'Success', Content: { ReceivedInstancesCount: String(INSTANCES) } });
    expect(await count(sender)).toBe(INSTANCES);
    await isWhole(sender);
  });

  it('of a study that had come in part, only the rest is retrieved', async () => {
    await emptied('store:blob-durable:200');
    const [study] = await receiver.json<{ MainDicomTags: Record<string, string> }[]>('/studies?expand');
    const Study = study!.MainDicomTags.StudyInstanceUID!;
    const job = await killedAndDone('retrieve', { Resources: [{ Study }] }, 'seen');
    expect(job).toMatchObject({ State: 'Success', Content: { ReceivedInstancesCount: String(INSTANCES / 2) } });
    expect(await count(sender)).toBe(INSTANCES / 2);
    const paths = asked.filter((path) => !path.includes('?'));
    expect(paths.filter((path) => path.endsWith(Study))).toHaveLength(1);
    const instances = paths.filter((path) => path.includes('/instances/'));
    expect(instances.length).toBeGreaterThan(0);
    expect(instances.length).toBeLessThan(INSTANCES / 4);
  });
});
