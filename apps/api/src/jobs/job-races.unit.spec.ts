import {
  ControlJob,
  ControlJobHandler,
  type EventContext,
  type JobControl,
  RemoveJob,
  RemoveJobHandler,
  SubmitJob,
  SubmitJobHandler,
} from '@annal/domain';
import fc, { type Scheduler } from 'fast-check';
import { JobRunner } from './job-runner.js';
import type { JobType } from './job-type.js';
import { JobTypes } from './job-types.js';
import { RunRecorder } from './run-recorder.js';
import { type KeptEvent, MemoryJobs } from './testing/memory-jobs.js';

const STEPS = 3;
const CONTROLS: readonly JobControl[] = ['pause', 'resume', 'cancel', 'resubmit'];
const CONTEXT: EventContext = { source: 'test', actor: { protocol: 'http' }, correlationId: 'c', now: new Date(0) };
const logger = { warn: () => undefined, error: () => undefined } as never;

type Action = JobControl | 'remove' | 'run';
/** A client, and a process that takes the job again and again, whoever else has it. */
const client = fc.array(fc.constantFrom<Action>(...CONTROLS, 'remove'), { maxLength: 6 });
const worker = fc.array(fc.constant<Action>('run'), { minLength: 1, maxLength: 4 });
const everybody = fc.tuple(client, client, worker, worker);

/** All who have something to do with one job; a scheduler decides who gets an answer when. */
class Race {
  readonly jobs = new MemoryJobs();
  /** Blobs that were made. */
  readonly made: string[] = [];
  private readonly runner: JobRunner;
  private readonly ports: { writer: MemoryJobs['writer']; lookup: MemoryJobs['lookup'] };
  private id = '';

  constructor(scheduler: Scheduler) {
    const { writer, lookup, sealer } = this.jobs;
    const submit = scheduler.scheduleFunction((events: Parameters<typeof writer.submit>[0]) => writer.submit(events));
    const find = scheduler.scheduleFunction((id: string) => lookup.find(id));
    this.ports = { writer: { submit }, lookup: { find, hasUnended: async () => false } };
    const types = new JobTypes();
    types.register({ name: 'Counting', step: scheduler.scheduleFunction((job) => this.step(job)) });
    const leases = { renew: async (ids: readonly string[]) => new Set(ids) } as never;
    const recorder = new RunRecorder(this.ports.writer, sealer, 'test');
    this.runner = new JobRunner(types, this.ports.lookup, leases, recorder, logger);
  }

  async submit(): Promise<void> {
    const { writer, lookup, sealer } = this.jobs;
    const request = { type: 'Counting', priority: 0, permissive: false, parameters: {}, content: {} };
    const handler = new SubmitJobHandler(writer, lookup, sealer as never);
    const submitted = await handler.execute(new SubmitJob(request, 1, CONTEXT));
    if (submitted.kind === 'submitted') this.id = submitted.id;
  }

  /** One after the other, each as soon as the one before is answered. */
  async actAll(actions: readonly Action[]): Promise<void> {
    for (const action of actions) await this.act(action);
  }

  async act(action: Action): Promise<void> {
    const { writer, lookup } = this.ports;
    if (action === 'run') await this.runner.run(this.id, new AbortController().signal);
    else if (action === 'remove') await new RemoveJobHandler(writer, lookup).execute(new RemoveJob(this.id, CONTEXT));
    else await new ControlJobHandler(writer, lookup).execute(new ControlJob(this.id, action, CONTEXT));
  }

  get job(): ReturnType<MemoryJobs['job']> {
    return this.jobs.job(this.id);
  }

  private async step({ memory, steps }: Parameters<JobType['step']>[0]): ReturnType<JobType['step']> {
    // each step gets what the one before it left, whoever did that
    expect(memory ?? 0).toBe(steps);
    const blob = `b${this.made.length}`;
    this.made.push(blob);
    const done = steps + 1;
    const outputs = done === STEPS ? { outputs: { text: {} } } : {};
    return { memory: done, content: {}, progress: done / STEPS, blobs: [blob], ...outputs };
  }
}

/** The events that counted since the job was submitted, or last submitted anew. */
function lastSubmission(events: readonly KeptEvent[]): KeptEvent['event'][] {
  const counted = events.flatMap(({ event, counts }) => (counts ? [event] : []));
  return counted.slice(counted.findLastIndex(({ type }) => /\.(re)?submitted\./.test(type)));
}

describe('requests and processes that race for a job', () => {
  it('leave it in one state with every step done once, and nothing that it made in two places', async () => {
    const ends = new Set<string>();
    const property = async (scheduler: Scheduler, programs: readonly Action[][]): Promise<void> => {
      const race = new Race(scheduler);
      await race.submit();
      await scheduler.waitFor(Promise.all(programs.map((actions) => race.actAll(actions))));
      ends.add(race.job?.state ?? 'removed');
      expectOneTruth(race);
      await expectEnding(race, scheduler);
    };
    await fc.assert(fc.asyncProperty(fc.scheduler(), everybody, property), { numRuns: 200 });
    // there were races for each of them to win
    expect([...ends]).toEqual(expect.arrayContaining(['Success', 'Failure', 'Paused']));
  });
});

/** What a run did counts until another one begins, or the job is submitted anew. */
function expectFenced(events: readonly KeptEvent[]): void {
  let epoch: number | undefined;
  for (const { event, counts } of events) {
    if (!counts) continue;
    if (event.type === 'annal.job.resubmitted.v1') epoch = undefined;
    else if (event.type === 'annal.job.started.v1') epoch = event.data.epoch;
    else if ('epoch' in event.data) expect(event.data.epoch).toBe(epoch);
  }
}

/** What counts of the log is one run after another; blobs belong to what counts, and all others are garbage. */
function expectOneTruth({ job, jobs, made }: Race): void {
  expectFenced(jobs.events);
  const events = lastSubmission(jobs.events);
  const steps = events.flatMap((event) => (event.type === 'annal.job.step-completed.v1' ? [event.data.step] : []));
  expect(steps).toEqual(steps.map((_, index) => index));
  expect(events.filter(({ type }) => /\.(succeeded|failed|cancelled)\./.test(type)).length).toBeLessThanOrEqual(1);
  if (job?.state === 'Success') expect(steps).toHaveLength(STEPS);
  expect(jobs.owners.size).toBe(!job || job.state === 'Failure' ? 0 : steps.length);
  const recorded = jobs.events.flatMap(({ event }) =>
    event.type === 'annal.job.step-completed.v1' ? event.data.blobs : [],
  );
  expect([...jobs.owners.keys(), ...jobs.garbage].sort()).toEqual(recorded.sort());
  expect(made).toEqual(expect.arrayContaining(recorded));
}

/** Whatever happened, the job can be brought to its end, and forgotten. */
async function expectEnding(race: Race, scheduler: Scheduler): Promise<void> {
  const { job, jobs } = race;
  if (!job) return;
  if (job.state === 'Paused') await scheduler.waitFor(race.act('resume'));
  if (job.state === 'Failure') await scheduler.waitFor(race.act('resubmit'));
  await scheduler.waitFor(race.act('run'));
  expect(race.job).toMatchObject({ state: 'Success', steps: STEPS, outputs: { text: {} } });
  expect(jobs.owners.size).toBe(STEPS);
  await scheduler.waitFor(race.act('remove'));
  expect([race.job, jobs.owners.size]).toEqual([undefined, 0]);
}
