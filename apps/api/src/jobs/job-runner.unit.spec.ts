import { AppendRefused, type EventWriter, EventTooLarge, SubmitJob, SubmitJobHandler } from '@annal/domain';
import { OrthancError } from '../http/errors/http-errors.js';
import { JobRunner } from './job-runner.js';
import { JobTypes } from './job-types.js';
import { RunRecorder } from './run-recorder.js';
import { MemoryJobs } from './testing/memory-jobs.js';

const logger = { warn: () => undefined, error: () => undefined } as never;
const context = { source: 'test', actor: { protocol: 'http' }, correlationId: 'c', now: new Date(0) } as const;

describe('a job that fails with what cannot be written down', () => {
  it.each([
    ['as no table could hold it', new AppendRefused('NUL')],
    ['as it is too long', new EventTooLarge('long')],
  ])('has failed all the same, without details: %s', async (_, refusal) => {
    const { writer, lookup, sealer, job } = bound(new MemoryJobs());
    const order = { type: 'Failing', priority: 0, permissive: false, parameters: {}, content: {} };
    const handler = new SubmitJobHandler(writer, lookup, sealer as never);
    const { id } = (await handler.execute(new SubmitJob(order, 1, context))) as { id: string };
    const types = new JobTypes();
    types.register({
      name: 'Failing',
      step: () => Promise.reject(new OrthancError('NetworkProtocol', 'what it said')),
    });
    const picky: EventWriter = {
      submit: (events) =>
        JSON.stringify(events).includes('what it said') ? Promise.reject(refusal) : writer.submit(events),
    };
    const leases = { renew: async (ids: readonly string[]) => new Set(ids) } as never;
    const runner = new JobRunner(types, lookup, leases, new RunRecorder(picky, sealer, 'test'), logger);
    await runner.run(id, new AbortController().signal);
    expect(job(id)).toMatchObject({ state: 'Failure', errorCode: 9, errorDetails: '' });
  });
});

function bound(jobs: MemoryJobs): Pick<MemoryJobs, 'writer' | 'lookup' | 'sealer' | 'job'> {
  const { writer, lookup, sealer } = jobs;
  return { writer, lookup, sealer, job: (id) => jobs.job(id) };
}
