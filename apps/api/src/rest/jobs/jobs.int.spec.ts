import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Job, JobObject } from '@annal/domain';
import { endOfLastRun, type JobLeases, PostgresJobLeases } from '@annal/platform';
import { until } from '../../../../../test/support/processes.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { JobAnswers } from '../../jobs/job-answers.service.js';
import { jobRequestFields } from '../../jobs/job-request.js';
import type { JobType, StepContext, StepDone } from '../../jobs/job-type.js';
import { JobTypes } from '../../jobs/job-types.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';

/** A job of as many steps as it is asked for, each of which waits until the test lets it go on. */
class Counting implements JobType {
  readonly name = 'Counting';
  readonly done: string[] = [];
  private waiting: (() => void)[] = [];
  private free = 0;

  async step(job: Job, { signal }: StepContext): Promise<StepDone> {
    const { count = 1, failing } = job.parameters as { count?: number; failing?: number };
    if (this.free > 0) this.free -= 1;
    else {
      await new Promise<void>((resolve, reject) => {
        this.waiting.push(resolve);
        signal.addEventListener('abort', () => {
          this.waiting = this.waiting.filter((one) => one !== resolve);
          reject(signal.reason as Error);
        });
      });
    }
    if (failing === job.steps) throw new OrthancError('InexistentItem', 'It was deleted');
    this.done.push(`${job.id} ${job.steps}`);
    const counted = job.steps + 1;
    const outputs = counted === count ? { text: { size: counted } } : undefined;
    return { memory: counted, content: { Counted: counted }, progress: counted / count, ...(outputs && { outputs }) };
  }

  async open(output: JobObject): Promise<{ stream: Readable; size: number; mediaType: string; filename: string }> {
    const bytes = Buffer.alloc(output.size as number, 'x');
    return { stream: Readable.from([bytes]), size: bytes.length, mediaType: 'text/plain', filename: 'n.txt' };
  }

  /** How many steps wait to be let go. */
  get held(): number {
    return this.waiting.length;
  }

  reset(): void {
    this.free = 0;
  }

  /** Lets so many steps go, now or when they come. */
  release(steps = 1): void {
    for (let i = 0; i < steps; i++) {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

/** Waits until the expectations hold. */
async function eventually(check: () => unknown): Promise<void> {
  let failure: unknown;
  const holds = async (): Promise<boolean> => {
    try {
      await check();
      return true;
    } catch (error) {
      failure = error;
      return false;
    }
  };
  await until(holds, 10_000).catch(() => Promise.reject(failure as Error));
}

describe('jobs', () => {
  let archive: WritingApp;
  let counting: Counting;
  beforeAll(async () => {
    const limits = { MaxQueuedJobs: 6 };
    archive = await startWritingApp({
      ConcurrentJobs: 1,
      JobsHistorySize: 4,
      MediaArchiveSize: 2,
      Annal: { Limits: limits },
    });
    counting = new Counting();
    archive.get(JobTypes).register(counting);
  });
  afterAll(() => archive.close());
  beforeEach(() => counting.reset());
  afterEach(async () => {
    for (const id of await ids()) await post(id, 'cancel');
    await eventually(() => expect(counting.held).toBe(0));
  });

  const submit = async (parameters: JobObject, body: JobObject = {}): Promise<string> => {
    const fields = jobRequestFields(body as never, { synchronous: false, permissive: false });
    const order = { type: 'Counting', parameters, content: { Description: 'test' } };
    const answer = await archive.get(JobAnswers).submit(order, fields, REQUEST);
    return (answer as { ID: string }).ID;
  };
  const ids = async (query = ''): Promise<string[]> => (await archive.send('GET', `/jobs${query}`)).json as string[];
  const show = async (id: string): Promise<Record<string, unknown>> =>
    (await archive.send('GET', `/jobs/${id}`)).json as Record<string, unknown>;
  const post = async (id: string, what: string): Promise<number> =>
    (await archive.send('POST', `/jobs/${id}/${what}`, '')).status;
  const reaches = (id: string, state: string): Promise<void> =>
    eventually(async () => expect((await show(id)).State).toBe(state));
  const isHeld = (): Promise<void> => eventually(() => expect(counting.held).toBe(1));

  it('show what Orthanc shows of them, while they wait, run and when they have ended', async () => {
    const id = await submit({ count: 2 }, { Priority: 3, UserData: { a: ['\0x'] } });
    const other = await submit({}, { Priority: -1 });
    await isHeld();
    expect(await show(other)).toEqual({
      Content: { Description: 'test' },
      CreationTime: expect.stringMatching(/^\d{8}T\d{6}\.\d{6}$/) as string,
      EffectiveRuntime: 0,
      ErrorCode: 0,
      ErrorDescription: 'Success',
      ErrorDetails: '',
      ID: other,
      Priority: -1,
      Progress: 0,
      State: 'Pending',
      Timestamp: expect.stringMatching(/^\d{8}T\d{6}\.\d{6}$/) as string,
      Type: 'Counting',
    });
    counting.release();
    await eventually(async () => expect((await show(id)).Progress).toBe(50));
    expect(await show(id)).toMatchObject({
      State: 'Running',
      Content: { Counted: 1 },
      EstimatedTimeOfArrival: expect.stringMatching(/^\d{8}T\d{6}\.\d{6}$/) as string,
      UserData: { a: ['x'] },
    });
    counting.release(2);
    await reaches(id, 'Success');
    const ended = await show(id);
    expect(ended).toMatchObject({ Progress: 100, Content: { Counted: 2 }, ErrorCode: 0 });
    expect(ended.CompletionTime).toMatch(/^\d{8}T\d{6}\.\d{6}$/);
    expect(ended.EstimatedTimeOfArrival).toBeUndefined();
    await reaches(other, 'Success');
  });

  it('show UserData as it was said, also where it reads like an escape that no table could hold', async () => {
    const UserData = { path: 'C:\\udata\\x', 'x\\udead': ['\\u0000', '\\\\u0000', '😀', '\ud800'] };
    const id = await submit({}, { UserData });
    counting.release();
    await reaches(id, 'Success');
    expect((await show(id)).UserData).toEqual({ ...UserData, 'x\\udead': ['\\u0000', '\\\\u0000', '😀', '\ufffd'] });
  });

  it('are taken by priority, then by age', async () => {
    const first = await submit({});
    await isHeld();
    const [low, normal, later, high] = [
      await submit({}, { Priority: -5 }),
      await submit({}),
      await submit({}),
      await submit({}, { Priority: 5 }),
    ];
    counting.done.length = 0;
    counting.release(5);
    await reaches(low, 'Success');
    expect(counting.done.map((line) => line.split(' ')[0])).toEqual([first, high, normal, later, low]);
  });

  it('are paused, go on behind their last step, and end for good when they are cancelled', async () => {
    const id = await submit({ count: 3 });
    await isHeld();
    expect(await post(id, 'resume')).toBe(400);
    expect(await post(id, 'pause')).toBe(200);
    expect(await post(id, 'pause')).toBe(200);
    expect((await show(id)).State).toBe('Paused');
    counting.release();
    await eventually(async () => expect((await show(id)).Progress).toBe(33));
    expect((await show(id)).State).toBe('Paused');
    expect(await post(id, 'resubmit')).toBe(400);
    expect((await archive.send('DELETE', `/jobs/${id}`)).status).toBe(404);
    expect(await post(id, 'resume')).toBe(200);
    await isHeld();
    expect(await post(id, 'cancel')).toBe(200);
    expect(await show(id)).toMatchObject({
      State: 'Failure',
      ErrorCode: 37,
      ErrorDescription: 'This job was canceled',
    });
    await eventually(() => expect(counting.held).toBe(0));
    expect([await post(id, 'cancel'), await post(id, 'pause'), await post(id, 'resume')]).toEqual([200, 200, 400]);
    expect(counting.done.filter((line) => line.startsWith(id))).toEqual([`${id} 0`]);
    expect(await post(id, 'resubmit')).toBe(200);
    counting.release(3);
    await reaches(id, 'Success');
    expect(counting.done.filter((line) => line.startsWith(id))).toEqual([0, 0, 1, 2].map((step) => `${id} ${step}`));
  });

  it('fail with the code and details of what went wrong, also for who waits for them', async () => {
    counting.release(2);
    const id = await submit({ count: 2, failing: 1 });
    await reaches(id, 'Failure');
    expect(await show(id)).toMatchObject({
      ErrorCode: 7,
      ErrorDescription: 'Accessing an inexistent item',
      ErrorDetails: 'It was deleted',
    });
    const fields = { synchronous: true, priority: 0, permissive: false };
    const waitFor = (parameters: JobObject): Promise<object> =>
      archive.get(JobAnswers).submit({ type: 'Counting', parameters, content: {} }, fields, REQUEST);
    counting.release(2);
    expect(await waitFor({ count: 2 })).toEqual({ Counted: 2 });
    counting.release();
    await expect(waitFor({ failing: 0 })).rejects.toMatchObject({ status: 404, details: 'It was deleted' });
  });

  it('go on without a client that hangs up while it waits for them', async () => {
    const fields = { synchronous: true, priority: 0, permissive: false };
    const socket = new Socket();
    const request = { headers: {}, raw: { socket } } as never;
    const order = { type: 'Counting', parameters: {}, content: {} };
    const waiting = archive.get(JobAnswers).submit(order, fields, request);
    await isHeld();
    socket.destroy();
    await expect(waiting).rejects.toMatchObject({ status: 499 });
    const [id] = await ids('?state=Running');
    counting.release();
    await reaches(id!, 'Success');
  });

  it('come out right of any requests at once', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await submit({ count: 3 });
      counting.release(2);
      const asked = ['pause', 'cancel', 'resume', 'pause', 'resubmit', 'resume', 'cancel'];
      const answers = await Promise.all(asked.map((what) => post(id, what)));
      expect(answers.every((status) => status === 200 || status === 400)).toBe(true);
      await post(id, 'resume');
      await post(id, 'cancel');
      await post(id, 'resubmit');
      // a run that was cancelled may take some before it notices
      counting.release(20);
      await reaches(id, 'Success');
      const steps = counting.done.filter((line) => line.startsWith(id)).map((line) => Number(line.split(' ')[1]));
      // the last run did each step once, in order
      expect(steps.slice(-3)).toEqual([0, 1, 2]);
    }
  });

  it('are refused where too many wait, and taken on again once fewer do', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => submit({})));
    await expect(submit({})).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '60' } });
    await post(all[0]!, 'cancel');
    await submit({});
  });

  it('give what they made, until that is deleted or as many others were made', async () => {
    counting.release(3);
    const [one, two, three] = [await submit({}), await submit({}), await submit({})];
    await reaches(three, 'Success');
    const output = await archive.send('GET', `/jobs/${two}/text`);
    expect([output.status, output.text]).toEqual([200, 'x']);
    expect(output.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(output.headers.get('content-disposition')).toBe('filename="n.txt"');
    expect(output.headers.get('content-length')).toBe('1');
    await eventually(async () => expect((await archive.send('GET', `/jobs/${one}/text`)).status).toBe(404));
    expect((await archive.send('DELETE', `/jobs/${two}/text`)).status).toBe(200);
    expect((await archive.send('DELETE', `/jobs/${two}/text`)).json).toMatchObject({
      Details: 'Job has no such output: text',
      HttpStatus: 404,
      OrthancStatus: 7,
    });
    expect((await show(two)).State).toBe('Success');
    expect((await archive.send('DELETE', `/jobs/${three}`)).status).toBe(200);
    expect((await archive.send('GET', `/jobs/${three}`)).status).toBe(404);
    expect((await archive.send('GET', `/jobs/${three}/text`)).status).toBe(404);
  });

  it('give what they made no longer than it is kept', async () => {
    counting.release();
    const id = await submit({});
    await reaches(id, 'Success');
    expect((await archive.send('GET', `/jobs/${id}/text`)).status).toBe(200);
    const longAgo = new Date(Date.now() - 8 * 24 * 3600 * 1000).toISOString();
    await archive.execute(
      `UPDATE jobs SET job = jsonb_set(job::jsonb, '{completedAt}', '"${longAgo}"') WHERE id = '${id}'`,
    );
    await eventually(async () => expect((await archive.send('GET', `/jobs/${id}/text`)).status).toBe(404));
    expect((await show(id)).State).toBe('Success');
  });

  it('are forgotten once as many have ended after them', async () => {
    counting.release(6);
    const all: string[] = [];
    for (let i = 0; i < 6; i++) all.push(await submit({}));
    await reaches(all[5]!, 'Success');
    await eventually(async () => expect(await ids()).toEqual(all.slice(2)));
    expect(await ids('?limit=2')).toEqual(all.slice(2, 4));
    expect(await ids(`?since=${all[3]}&state=Success,Failure&type=Counting,Archive`)).toEqual(all.slice(4));
    expect(await ids('?state=Pending')).toEqual([]);
    const expanded = (await archive.send('GET', '/jobs?expand&limit=1')).json as { ID: string }[];
    expect(expanded.map(({ ID }) => ID)).toEqual([all[2]]);
    expect(await ids('?expand=false&limit=1')).toEqual([all[2]]);
    expect((await archive.send('GET', '/jobs?expand=no')).status).toBe(400);
    expect((await archive.send('GET', '/jobs?state=Done')).status).toBe(400);
    expect((await archive.send('GET', '/jobs?limit=0')).status).toBe(400);
    const metrics = (await archive.send('GET', '/tools/metrics-prometheus')).text;
    expect(metrics).toMatch(/^orthanc_jobs_success 4 /m);
    expect(metrics).toMatch(/^orthanc_jobs_pending 0 /m);
  });

  it('are not there under other names', async () => {
    expect((await archive.send('GET', '/jobs/none')).status).toBe(404);
    expect((await archive.send('GET', '/jobs/%E4%B8')).status).toBe(404);
    for (const what of ['pause', 'resume', 'cancel', 'resubmit']) expect(await post('none', what)).toBe(400);
    expect((await archive.send('GET', '/jobs/none/archive')).json).toMatchObject({ OrthancStatus: 7 });
    expect((await archive.send('DELETE', '/jobs/none')).json).toMatchObject({
      Details: 'No job found with this id: none',
      OrthancStatus: 7,
    });
  });

  it('are those of a run that has not ended, while any process runs jobs', async () => {
    expect(await endOfLastRun(archive.database, 0)).toBeUndefined();
  });

  it('are run by one process alone, and by another as soon as that is gone', async () => {
    const id = await submit({ count: 1 });
    await isHeld();
    const another = (): JobLeases => new PostgresJobLeases(archive.database, SERVER);
    const [gone, left] = [another(), another()];
    expect(await gone.take(['Counting'], 9)).toBeUndefined();
    expect(await post(id, 'pause')).toBe(200);
    counting.release();
    await reaches(id, 'Success');

    await archive.execute(`INSERT INTO jobs SELECT 'lone', 1, 'Other', 'Pending', 0, NULL, 0, '{}'`);
    expect(await gone.take(['Counting', 'Other'], 1)).toBe('lone');
    expect(await left.take(['Counting', 'Other'], 1)).toBeUndefined();
    expect(await gone.renew(['lone', 'none'])).toEqual(new Set(['lone']));
    await gone.close();
    await eventually(async () => expect(await left.take(['Other'], 1)).toBe('lone'));
    await left.release('lone');
    expect(await left.take(['Other'], 0)).toBeUndefined();
    expect(await left.take(['Other'], 1)).toBe('lone');
    await left.close();
    await archive.execute(`DELETE FROM jobs WHERE id = 'lone'`);
  });
});

const SERVER = '0193a000-0000-4000-8000-000000000001';
/** What a command needs of a request. */
const REQUEST = { headers: {}, raw: { socket: {} } } as never;
