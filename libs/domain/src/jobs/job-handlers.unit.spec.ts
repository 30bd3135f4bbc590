import { RecordingPorts } from '../testing/fakes.js';
import { ControlJob } from './control-job/control-job.js';
import { ControlJobHandler } from './control-job/control-job.handler.js';
import { RemoveJob, RemoveJobOutput } from './forget-job/forget-job.js';
import { RemoveJobHandler, RemoveJobOutputHandler } from './forget-job/forget-job.handler.js';
import { evolveJob } from './evolve-job.js';
import type { Job } from './job.js';
import { SubmitJob } from './submit-job/submit-job.js';
import { SubmitJobHandler } from './submit-job/submit-job.handler.js';

const context = { source: 'test', actor: { protocol: 'http' as const }, correlationId: 'c', now: new Date(0) };
const request = { type: 'Archive', priority: 2, permissive: true, parameters: { a: 1 }, content: {}, userData: 'u' };

describe('commands about jobs', () => {
  let ports: RecordingPorts;
  let job: Job | undefined;
  let unended = 0;
  const lookup = { find: async () => job, hasUnended: async (count: number) => unended >= count };
  beforeEach(() => {
    ports = new RecordingPorts();
    const data = { id: 'j', jobType: 'Archive', priority: 0, permissive: false };
    const evolved = evolveJob(undefined, {
      type: 'annal.job.submitted.v1',
      data,
      time: new Date(0).toISOString(),
      part: { parameters: {}, content: {} },
    });
    job = evolved.kind === 'changed' ? evolved.job : undefined;
    unended = 0;
  });
  const submit = (): Promise<unknown> =>
    new SubmitJobHandler(ports.writer, lookup, ports.sealer).execute(new SubmitJob(request, 2, context));

  it('append a job with what it is about sealed by a key of its own', async () => {
    const result = await submit();
    const [event] = ports.appended;
    const { id } = event!.data as { id: string };
    expect(result).toEqual({ kind: 'submitted', id });
    expect(event).toMatchObject({
      type: 'annal.job.submitted.v1',
      subject: `jobs/${id}`,
      data: { id, jobType: 'Archive', priority: 2, permissive: true },
      sealed: { keyId: id, value: 'sealed {"parameters":{"a":1},"content":{},"userData":"u"}' },
    });
  });

  it('take on no more jobs than may wait', async () => {
    unended = 2;
    expect(await submit()).toEqual({ kind: 'too-many' });
    expect(ports.appended).toEqual([]);
  });

  it('append what changes something, and nothing else', async () => {
    const control = (what: ControlJob['control']): Promise<string> =>
      new ControlJobHandler(ports.writer, lookup).execute(new ControlJob('j', what, context));
    expect(await control('pause')).toBe('done');
    expect(await control('resume')).toBe('refused');
    expect(await control('resubmit')).toBe('refused');
    job = { ...job!, state: 'Success', outputs: { archive: {} } };
    expect(await control('cancel')).toBe('done');
    expect(await new RemoveJobOutputHandler(ports.writer, lookup).execute(new RemoveJobOutput('j', 'x', context))).toBe(
      'not-found',
    );
    expect(
      await new RemoveJobOutputHandler(ports.writer, lookup).execute(new RemoveJobOutput('j', 'archive', context)),
    ).toBe('done');
    expect(await new RemoveJobHandler(ports.writer, lookup).execute(new RemoveJob('j', context))).toBe('done');
    job = undefined;
    expect(await control('cancel')).toBe('not-found');
    expect(ports.appended.map(({ type, data }) => [type, data])).toEqual([
      ['annal.job.paused.v1', { id: 'j' }],
      ['annal.job.output-removed.v1', { id: 'j', output: 'archive' }],
      ['annal.job.removed.v1', { id: 'j' }],
    ]);
  });

  it('say what the fold made of it, which knows better', async () => {
    ports.outcomeOf = () => ({ kind: 'conflict' });
    expect(await new ControlJobHandler(ports.writer, lookup).execute(new ControlJob('j', 'pause', context))).toBe(
      'refused',
    );
    ports.outcomeOf = () => ({ kind: 'not-found' });
    expect(await new ControlJobHandler(ports.writer, lookup).execute(new ControlJob('j', 'pause', context))).toBe(
      'not-found',
    );
  });
});
