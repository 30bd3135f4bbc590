import fc from 'fast-check';
import { evolveJob, type Evolved, type FoldedJobEvent } from './evolve-job.js';
import type { Job } from './job.js';
import type { JobEvent, JobPart } from './job-event.js';

const T0 = Date.parse('2026-11-22T09:00:00.000Z');
type Name = JobEvent['type'] extends `annal.job.${infer N}.v1` ? N : never;

/** An event `at` seconds after the start. */
function event(name: Name, data: object = {}, at = 0, part: JobPart | null = null): FoldedJobEvent {
  const time = new Date(T0 + at * 1000).toISOString();
  return { type: `annal.job.${name}.v1`, data: { id: 'j', ...data }, time, part } as FoldedJobEvent;
}

const submitted = event('submitted', { jobType: 'Archive', priority: 3, permissive: true }, 0, {
  parameters: { ids: ['a'] },
  content: { Description: 'REST API' },
  userData: 7,
});
const started = (epoch = 1, at = 0): FoldedJobEvent => event('started', { epoch }, at);
const stepped = (step: number, epoch = 1, at = 0): FoldedJobEvent =>
  event('step-completed', { epoch, step, progress: (step + 1) / 4, blobs: [`b${step}`] }, at, {
    memory: { next: step + 1 },
    content: { Size: step + 1 },
  });
const succeeded = event('succeeded', { epoch: 1 }, 9, { content: { Size: 9 }, outputs: { archive: { file: 'f' } } });
const failed = event('failed', { epoch: 1, errorCode: 7 }, 9, { details: 'why' });

function given(...events: readonly FoldedJobEvent[]): Job | undefined {
  let job: Job | undefined;
  for (const each of events) {
    const evolved = evolveJob(job, each);
    if (evolved.kind === 'changed') job = evolved.job;
    else if (evolved.kind === 'removed') job = undefined;
  }
  return job;
}

const pending = given(submitted);
const running = given(submitted, started(), stepped(0));
const paused = given(submitted, started(), stepped(0), event('paused'));
const success = given(submitted, started(), succeeded);
const failure = given(submitted, started(), failed);
const STATES = { pending, running, paused, success, failure };

describe('a job', () => {
  it('waits with what it was given, once it was submitted', () => {
    expect(pending).toEqual({
      id: 'j',
      type: 'Archive',
      priority: 3,
      permissive: true,
      parameters: { ids: ['a'] },
      content: { Description: 'REST API' },
      userData: 7,
      state: 'Pending',
      createdAt: '2026-11-22T09:00:00.000Z',
      completedAt: null,
      progress: 0,
      steps: 0,
      epoch: 0,
      memory: null,
      runtime: 0,
      runningSince: null,
      errorCode: 0,
      errorDetails: '',
      outputs: {},
    });
  });

  it('remembers its last step, and shows what it has to show', () => {
    expect(given(submitted, started(), stepped(0), stepped(1))).toMatchObject({
      state: 'Running',
      steps: 2,
      progress: 0.5,
      memory: { next: 2 },
      content: { Size: 2 },
    });
  });

  it('ends with its outputs, or with an error and nothing to go on from', () => {
    expect(success).toMatchObject({ state: 'Success', progress: 1, memory: null, outputs: { archive: { file: 'f' } } });
    expect(success!.completedAt).toBe('2026-11-22T09:00:09.000Z');
    expect(failure).toMatchObject({ state: 'Failure', errorCode: 7, errorDetails: 'why', memory: null });
  });

  // the answers of Orthanc to the same requests
  it.each([
    [
      'paused',
      { pending: 'Paused', running: 'Paused', paused: 'unchanged', success: 'unchanged', failure: 'unchanged' },
    ],
    ['resumed', { pending: 'refused', running: 'refused', paused: 'Pending', success: 'refused', failure: 'refused' }],
    [
      'cancelled',
      { pending: 'Failure', running: 'Failure', paused: 'Failure', success: 'unchanged', failure: 'unchanged' },
    ],
    [
      'resubmitted',
      { pending: 'refused', running: 'refused', paused: 'refused', success: 'refused', failure: 'Pending' },
    ],
    ['removed', { pending: 'refused', running: 'refused', paused: 'refused', success: 'removed', failure: 'removed' }],
  ] as const)('may be %s in these states', (name, expected) => {
    const got = Object.entries(STATES).map(([state, job]) => [state, resultOf(evolveJob(job, event(name)))]);
    expect(Object.fromEntries(got)).toEqual(expected);
    expect(evolveJob(undefined, event(name))).toEqual({ kind: 'not-found' });
  });

  it('is cancelled with the error that says so', () => {
    expect(given(submitted, event('cancelled'))).toMatchObject({ state: 'Failure', errorCode: 37 });
  });

  it('begins anew when it is resubmitted, and takes nothing from the run before', () => {
    const again = given(submitted, started(), stepped(0), failed, event('resubmitted'));
    expect(again).toMatchObject({
      state: 'Pending',
      steps: 0,
      progress: 0,
      memory: null,
      errorCode: 0,
      completedAt: null,
    });
    expect(evolveJob(again, stepped(0)).kind).toBe('refused');
    expect(evolveJob(again, started(again!.epoch + 1)).kind).toBe('changed');
  });

  it('takes what a paused run has just finished, and goes on behind it', () => {
    const finished = given(submitted, started(), event('paused'), stepped(0));
    expect(finished).toMatchObject({ state: 'Paused', steps: 1, memory: { next: 1 } });
    expect(evolveJob(finished, succeeded)).toMatchObject({ kind: 'changed', job: { state: 'Success' } });
  });

  it('takes nothing of a run that another one has followed, nor any step twice or out of order', () => {
    const taken = given(submitted, started(), started(2));
    for (const late of [stepped(0), succeeded, failed, started(2), started(4)]) {
      expect(evolveJob(taken, late).kind).toBe('refused');
    }
    const once = given(submitted, started(), stepped(0));
    expect(evolveJob(once, stepped(0)).kind).toBe('refused');
    expect(evolveJob(once, stepped(2)).kind).toBe('refused');
  });

  it('counts the time for which it was run', () => {
    const after = given(
      submitted,
      started(1, 10),
      stepped(0, 1, 12),
      event('paused', {}, 15),
      event('resumed', {}, 100),
    );
    expect(after).toMatchObject({ runtime: 5000, runningSince: null });
    const killed = given(submitted, started(1, 10), started(2, 14), stepped(0, 2, 15));
    expect(killed).toMatchObject({ runtime: 5000, runningSince: new Date(T0 + 15_000).toISOString() });
  });

  it('has no output twice, and is still there without it', () => {
    const without = given(submitted, started(), succeeded, event('output-removed', { output: 'archive' }));
    expect(without).toMatchObject({ state: 'Success', outputs: {} });
    expect(evolveJob(without, event('output-removed', { output: 'archive' }))).toEqual({ kind: 'not-found' });
  });

  it('is what its events say in clear, where its key is gone', () => {
    const lost = [submitted, started(), stepped(0), succeeded].map((one) => ({ ...one, part: null }));
    expect(given(...lost)).toEqual({
      ...success,
      parameters: {},
      content: {},
      userData: undefined,
      outputs: {},
      steps: 1,
    });
    expect(JSON.stringify(given(...lost))).not.toMatch(/REST API|"a"/);
  });

  it('ends at most once, whatever comes in whatever order', () => {
    const any = fc.constantFrom(
      started(1),
      started(2),
      stepped(0),
      stepped(0, 2),
      stepped(1),
      succeeded,
      failed,
      event('paused'),
      event('resumed'),
      event('cancelled'),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (events) => {
        let job = pending!;
        let ends = 0;
        for (const each of events) {
          const evolved = evolveJob(job, each);
          if (evolved.kind !== 'changed') continue;
          if (evolved.job.completedAt !== null) ends += 1;
          expect(evolved.job.epoch).toBeGreaterThanOrEqual(job.epoch);
          job = evolved.job;
        }
        expect(ends).toBeLessThanOrEqual(1);
      }),
    );
  });
});

/** The state afterwards, or that there is none. */
function resultOf(evolved: Evolved): string {
  return evolved.kind === 'changed' ? evolved.job.state : evolved.kind;
}
