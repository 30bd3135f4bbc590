import { randomBytes } from 'node:crypto';
import type { Job, JobLookup, ResourceIds } from '@annal/domain';
import { PostgresJobLookup } from '@annal/platform';
import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { until } from '../../../../../test/support/processes.js';
import { zipContents } from '../../../../../test/support/zip-contents.js';
import { JobAnswers } from '../../jobs/job-answers.service.js';
import { JobTypes } from '../../jobs/job-types.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';
import { ArchiveJob } from './archive-job.js';
import { ArchivesService } from './archives.service.js';

interface Shown {
  readonly State: string;
  readonly Content: Readonly<Record<string, unknown>>;
  readonly ErrorCode: number;
  readonly ErrorDetails: string;
}

describe('archives made by jobs', () => {
  let archive: WritingApp;
  let ids: ResourceIds;
  const files = new Map<string, Buffer>();
  let blocked = Promise.withResolvers<void>();

  beforeAll(async () => {
    const Annal = {
      Limits: { MaxConcurrentArchives: 1, MaxJobResources: 2, MaxJobOutputSize: 4 * 1024 * 1024 },
      Vault: { Grace: 1 },
    };
    archive = await startWritingApp({ ConcurrentJobs: 1, MediaArchiveSize: 5, Annal });
    archive.get(JobTypes).register({
      name: 'Blocking',
      step: async () => {
        await blocked.promise;
        return { memory: null, content: {}, progress: 1, outputs: {} };
      },
    });
    for (let number = 1; number <= 5; number++) {
      const file = buildInstance({
        patientId: 'P',
        studyUid: '1.2',
        seriesUid: `1.2.${number % 2}`,
        sopUid: `1.2.3.${number}`,
        instanceNumber: number,
      });
      const { json } = await archive.send('POST', '/instances', file);
      const { ID, ParentPatient, ParentStudy, ParentSeries } = json as Record<string, string>;
      ids = { instance: ID!, patient: ParentPatient!, study: ParentStudy!, series: ParentSeries! };
      files.set(ID!, file);
    }
  });
  afterAll(() => archive.close());

  const submit = async (path: string, body: object): Promise<string> => {
    const { status, json } = await archive.send('POST', path, JSON.stringify(body));
    const { ID, Path } = json as { ID: string; Path: string };
    expect([status, Path]).toEqual([200, `/jobs/${ID}`]);
    return ID;
  };
  const ended = async (id: string): Promise<Shown> => {
    let shown: Shown | undefined;
    await until(async () => {
      shown = (await archive.send('GET', `/jobs/${id}`)).json as Shown;
      return shown.State === 'Success' || shown.State === 'Failure';
    });
    return shown!;
  };
  const get = (path: string): ReturnType<WritingApp['send']> => archive.send('GET', path);

  it.each([
    ['/archive', 'Archive'],
    ['/media', 'Media'],
  ])('are those of %s that are sent at once', async (path, type) => {
    const id = await submit(`/studies/${ids.study}${path}`, {
      Asynchronous: true,
      Filename: 'a b.zip',
      UserData: { u: 1 },
    });
    const job = await ended(id);
    const made = await get(`/jobs/${id}/archive`);
    const uncompressed = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    expect(job).toMatchObject({ State: 'Success', Type: type, UserData: { u: 1 }, ErrorCode: 0 });
    expect(job.Content).toEqual({
      ArchiveSize: String(made.bytes.length),
      ArchiveSizeMB: 0,
      Description: 'REST API',
      InstancesCount: 5,
      UncompressedSize: String(uncompressed),
      UncompressedSizeMB: 0,
    });
    expect(made.status).toBe(200);
    expect(made.headers.get('content-type')).toBe('application/zip');
    expect(made.headers.get('content-disposition')).toBe('filename="a b.zip"');
    const sent = await zipContents((await get(`/studies/${ids.study}${path}`)).bytes);
    const entries = await zipContents(made.bytes);
    expect([...entries.keys()]).toEqual([...sent.keys()]);
    for (const [name, bytes] of sent) if (name !== 'DICOMDIR') expect(entries.get(name)!.equals(bytes)).toBe(true);
    // all but the UID of the medium in front, which is new each time
    const behindMeta = (file: Buffer): number => file.length - 144 - file.readUInt32LE(140);
    if (type === 'Media') expect(behindMeta(entries.get('DICOMDIR')!)).toBe(behindMeta(sent.get('DICOMDIR')!));
  });

  it('go on behind the last step, in other hands as well', async () => {
    const id = await submit(`/patients/${ids.patient}/archive`, { Synchronous: false });
    await ended(id);
    const lookup: JobLookup = new PostgresJobLookup(archive.app.context.pool as never);
    const done = (await lookup.find(id)) as Job;
    const whole = await zipContents((await get(`/jobs/${id}/archive`)).bytes);
    // the same in steps of one file each, of which every second one is done twice
    const bounds = { files: 1, bytes: Infinity };
    const type = new ArchiveJob('Archive', 'archive', archive.get(ArchivesService), archive.blobs, Infinity, bounds);
    let job: Job = { ...done, state: 'Running', memory: null, steps: 0, outputs: {} };
    const signal = new AbortController().signal;
    let steps = 0;
    for (;;) {
      const first = await type.step(job, { signal });
      const step = steps % 2 === 0 ? first : await type.step(job, { signal });
      steps += 1;
      job = { ...job, steps, memory: step.memory, content: step.content, outputs: step.outputs ?? {} };
      if (step.outputs) break;
    }
    expect(steps).toBe(5);
    const { stream, size } = await type.open(job.outputs.archive!);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    expect(bytes.length).toBe(size);
    const entries = await zipContents(bytes);
    expect([...entries.keys()]).toEqual([...whole.keys()]);
    for (const [name, file] of whole) expect(entries.get(name)!.equals(file)).toBe(true);
  });

  it('hold what was there when they were asked for, and fail where some of that is gone', async () => {
    const file = (number: number): Buffer =>
      buildInstance({
        patientId: 'Q',
        studyUid: '1.3',
        seriesUid: '1.3.1',
        sopUid: `1.3.1.${number}`,
        instanceNumber: number,
      });
    const { json } = await archive.send('POST', '/instances', file(1));
    const { ID, ParentStudy } = json as Record<string, string>;
    let order = '';
    await beforeJobs(async () => {
      order = await submit(`/studies/${ParentStudy}/archive`, { Asynchronous: true });
      await archive.send('POST', '/instances', file(2));
    });
    expect(await ended(order)).toMatchObject({ State: 'Success', Content: { InstancesCount: 1 } });
    expect((await zipContents((await get(`/jobs/${order}/archive`)).bytes)).size).toBe(1);
    let late = '';
    await beforeJobs(async () => {
      late = await submit(`/studies/${ParentStudy}/archive`, { Asynchronous: true });
      await archive.send('DELETE', `/instances/${ID}`);
    });
    expect(await ended(late)).toMatchObject({
      State: 'Failure',
      ErrorCode: 7,
      ErrorDetails: 'Deleted while it was archived',
    });
    expect((await archive.send('POST', `/jobs/${late}/resubmit`, '')).json).toMatchObject({
      Details: 'Cannot resubmit the creation of an archive',
      HttpStatus: 500,
      OrthancStatus: 6,
    });
    // the copy of what was deleted goes when its keys do
    await until(async () => (await get(`/jobs/${order}/archive`)).status === 404);
    expect((await get(`/jobs/${order}`)).json).toMatchObject({ State: 'Success' });
  });

  it('give up their place among those that wait as soon as nobody wants them', async () => {
    const archives = archive.get(ArchivesService);
    const held = Promise.withResolvers<void>();
    const made = async function* (): AsyncGenerator<Buffer, void> {
      yield Buffer.from('x');
      await held.promise;
    };
    const [wanted, cancelled] = [new AbortController(), new AbortController()];
    const first = archives.zip(made, wanted.signal);
    await first.next();
    const second = archives.zip(made, cancelled.signal).next();
    cancelled.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    held.resolve();
    expect(await first.next()).toMatchObject({ done: true });
    const third = archives.zip(made, wanted.signal);
    expect(await third.next()).toMatchObject({ done: false });
    await third.return();
  });

  it('end while they are paused once something of what they hold is deleted', async () => {
    const [finished, key] = [Promise.withResolvers<void>(), archive.blobs.newKey()];
    let isOutdated = false;
    archive.get(JobTypes).register({
      name: 'Halves',
      step: async ({ steps }) => {
        if (steps > 0) await finished.promise;
        return { memory: null, content: {}, progress: 0.5, blobs: [key] };
      },
      isOutdated: async () => isOutdated,
    });
    const request = { headers: {}, raw: { socket: {} } } as never;
    const order = { type: 'Halves', parameters: {}, content: {} };
    await archive.get(JobAnswers).submit(order, { synchronous: false, priority: 0, permissive: false }, request);
    let id = '';
    const progressed = async (): Promise<boolean> => {
      const [job] = (await get('/jobs?expand&type=Halves')).json as { ID: string; Progress: number }[];
      id = job?.ID ?? '';
      return job?.Progress === 50;
    };
    await until(progressed);
    await archive.send('POST', `/jobs/${id}/pause`, '');
    finished.resolve();
    const state = async (): Promise<string> => ((await get(`/jobs/${id}`)).json as Shown).State;
    await until(async () => (await state()) === 'Paused');
    isOutdated = true;
    expect(await ended(id)).toMatchObject({ State: 'Failure', ErrorDescription: 'This job was canceled' });
    expect((await archive.execute(`SELECT * FROM job_blobs WHERE job_id = '${id}'`))[0]).toEqual([]);
    expect((await archive.execute(`SELECT key FROM blob_garbage WHERE key = '${key}'`))[0]).toHaveLength(1);
  });

  /** Does something while jobs wait. */
  async function beforeJobs(what: () => Promise<void>): Promise<void> {
    blocked = Promise.withResolvers();
    const fields = { synchronous: false, priority: 9, permissive: false };
    const order = { type: 'Blocking', parameters: {}, content: {} };
    const request = { headers: {}, raw: { socket: {} } } as never;
    await archive.get(JobAnswers).submit(order, fields, request);
    const isRunning = async (): Promise<boolean> =>
      ((await get('/jobs?state=Running&type=Blocking')).json as unknown[]).length === 1;
    await until(isRunning);
    await what();
    blocked.resolve();
  }

  it('leave no file behind that no job needs', async () => {
    const before = (await archive.blobKeys()).length;
    const id = await submit('/tools/create-archive', { Resources: [ids.series, ids.instance], Asynchronous: true });
    await ended(id);
    expect(await archive.blobKeys()).toHaveLength(before + 1);
    expect((await archive.send('DELETE', `/jobs/${id}/archive`)).status).toBe(200);
    const [garbage] = await archive.execute('SELECT key FROM blob_garbage WHERE instance_id = ' + `'${id}'`);
    expect(garbage).toHaveLength(1);
    expect((await archive.execute(`SELECT * FROM job_blobs WHERE job_id = '${id}'`))[0]).toEqual([]);
  });

  it('may be empty', async () => {
    const id = await submit('/tools/create-archive', { Resources: [], Asynchronous: true });
    expect(await ended(id)).toMatchObject({ State: 'Success', Content: { InstancesCount: 0 } });
    expect((await zipContents((await get(`/jobs/${id}/archive`)).bytes)).size).toBe(0);
    const medium = await submit('/tools/create-media-extended', { Resources: [], Asynchronous: true });
    await ended(medium);
    expect([...(await zipContents((await get(`/jobs/${medium}/archive`)).bytes)).keys()]).toEqual(['DICOMDIR']);
  });

  it('are refused or fail beyond a limit', async () => {
    const asked = (path: string, body: object): ReturnType<WritingApp['send']> =>
      archive.send('POST', path, JSON.stringify({ Asynchronous: true, ...body }));
    const three = [ids.patient, ids.study, ids.series];
    expect((await asked('/tools/create-archive', { Resources: three })).status).toBe(413);
    expect((await asked('/tools/create-archive', { Resources: ['none'] })).json).toMatchObject({ OrthancStatus: 17 });
    expect((await asked('/studies/none/archive', {})).json).toMatchObject({ OrthancStatus: 7, HttpStatus: 404 });
    expect((await asked('/tools/create-media', { Resources: [], Priority: 'x' })).status).toBe(400);
    const pixelBytes = randomBytes(6 * 1024 * 1024);
    const large = buildInstance({ patientId: 'L', studyUid: '1.9', seriesUid: '1.9.1', sopUid: '1.9.1.1', pixelBytes });
    const { ParentStudy } = (await archive.send('POST', '/instances', large)).json as Record<string, string>;
    const keys = await archive.blobKeys();
    const id = await submit(`/studies/${ParentStudy}/archive`, { Asynchronous: true });
    expect(await ended(id)).toMatchObject({ State: 'Failure', ErrorCode: 19 });
    expect(await archive.blobKeys()).toEqual(keys);
  });
});
