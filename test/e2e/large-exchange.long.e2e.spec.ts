import { Readable } from 'node:stream';
import { ArchiveServer } from '../support/archive-server.js';
import { uploadAll } from '../support/clients.js';
import { largeFile } from '../support/large-file.js';
import { peakMemory } from '../support/peak-memory.js';
import { until, workersOf } from '../support/processes.js';
import { sampleFile } from '../support/sample-study.js';

const MIB = 1024 * 1024;
/** Of a worker process, bytes. */
const MEMORY = 400 * MIB;
/** Many files that are held in memory, and some that are not. */
const SLICES = { count: 500, bytes: 520_000 };
const VOLUMES = { count: 2, mebibytes: 300 };
const STUDY = '1.2.3.9';

interface ShownJob {
  readonly State: string;
  readonly ErrorDetails: string;
}

describe('a very large study', () => {
  let sender: ArchiveServer;
  let receiver: ArchiveServer;
  let patients: string[] = [];
  beforeAll(async () => {
    receiver = await ArchiveServer.start({ configuration: { Annal: { Workers: 1 } } });
    sender = await ArchiveServer.start({
      configuration: {
        OrthancPeers: { other: [`${receiver.url}/`] },
        DicomWeb: { Servers: { other: [`${receiver.url}/dicom-web/`] } },
        Annal: { Workers: 1 },
      },
    });
    const slices = Array.from({ length: SLICES.count }, (_, index) =>
      sampleFile({ patient: 'S', study: 1, series: 1, instance: index + 1 }, SLICES.bytes),
    );
    await uploadAll(sender, slices, 4);
    for (let index = 1; index <= VOLUMES.count; index++) {
      const file = largeFile({ patientId: 'V', studyUid: STUDY, sopUid: `${STUDY}.${index}` }, VOLUMES.mebibytes);
      const body = Readable.toWeb(Readable.from(file)) as ReadableStream;
      const answer = await sender.fetch('/instances', { method: 'POST', body, duplex: 'half' });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Success')]);
    }
    patients = await sender.json<string[]>('/patients');
  }, 300_000);
  afterAll(async () => {
    await sender?.close();
    await receiver?.close();
  });

  /** Does something and says how much memory the worker processes of both servers had meanwhile at most. */
  const peakOf = (work: () => Promise<void>): Promise<number> =>
    peakMemory(
      [sender, receiver].map(({ pid }) => workersOf(pid)[0]!),
      work,
    );
  const done = async (path: string, body: object): Promise<void> => {
    const answer = await sender.fetch(path, { method: 'POST', body: JSON.stringify(body) });
    const { ID } = (await answer.json()) as { ID: string };
    let job: ShownJob | undefined;
    await until(async () => {
      job = await sender.json<ShownJob>(`/jobs/${ID}`);
      return job.State === 'Success' || job.State === 'Failure';
    }, 240_000);
    expect(job).toMatchObject({ State: 'Success', ErrorDetails: '' });
  };
  const count = async (server: ArchiveServer): Promise<number> =>
    (await server.json<{ CountInstances: number }>('/statistics')).CountInstances;
  const empty = async (server: ArchiveServer): Promise<void> => {
    for (const id of patients) await server.fetch(`/patients/${id}`, { method: 'DELETE' });
    expect(await count(server)).toBe(0);
  };
  const studyUids = async (): Promise<string[]> => {
    const studies = await receiver.json<{ MainDicomTags: Record<string, string> }[]>('/studies?expand');
    return studies.map(({ MainDicomTags }) => MainDicomTags.StudyInstanceUID!);
  };

  it.each([
    ['a peer', '/peers/other/store', { Asynchronous: true }],
    ['another DICOMweb server', '/dicom-web/servers/other/stow', { Synchronous: false }],
  ])(
    'is sent to %s while memory stays flat on both sides',
    async (_, path, more) => {
      await empty(receiver);
      expect(await peakOf(() => done(path, { Resources: patients, ...more }))).toBeLessThan(MEMORY);
      expect(await count(receiver)).toBe(await count(sender));
    },
    300_000,
  );

  it('is handed on from another server while memory stays flat', async () => {
    const Accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const body = JSON.stringify({ Uri: `/studies/${STUDY}`, HttpHeaders: { Accept } });
    let bytes = 0;
    const peak = await peakOf(async () => {
      const answer = await sender.fetch('/dicom-web/servers/other/get', { method: 'POST', body });
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length;
    });
    expect(bytes).toBeGreaterThan(VOLUMES.count * VOLUMES.mebibytes * MIB);
    expect(peak).toBeLessThan(MEMORY);
  }, 300_000);

  it('is retrieved while memory stays flat on both sides', async () => {
    await empty(sender);
    const Resources = (await studyUids()).map((Study) => ({ Study }));
    const peak = await peakOf(() => done('/dicom-web/servers/other/retrieve', { Resources, Synchronous: false }));
    expect(peak).toBeLessThan(MEMORY);
    expect(await count(sender)).toBe(await count(receiver));
  }, 300_000);
});
