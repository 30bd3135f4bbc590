import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { EventEnvelope, Job } from '@annal/domain';
import type { Vault } from '@annal/platform';
import { RunRecorder } from '../../../jobs/run-recorder.js';
import type { StepDone } from '../../../jobs/job-type.js';
import { jobSealer, KAFKA_BATCH, sizeInKafka } from '../../../jobs/testing/size-in-kafka.js';
import { PARTS, partsOf } from '../testing/fake-server.js';
import { JobHeaders } from '../requests/job-headers.js';
import { RetrieveJob } from './retrieve-job.js';

/** As many as a job lists at most. */
const LISTED = 10_000;

const ID = (number: number): string => `${String(number).padStart(8, '0')}-00000000-00000000-00000000-00000000`;

function retrieveJob(): RetrieveJob {
  const bytes = partsOf(Array(LISTED / 2).fill(Buffer.from('x')) as Buffer[]);
  let stored = 0;
  return new RetrieveJob(
    {
      find: async (name) => ({ name, endpoint: { url: 'http://h' }, hasDelete: false, chunked: true, universal: true }),
    },
    new JobHeaders({} as Vault),
    {
      request: async () => ({ status: 200, headers: { 'content-type': PARTS }, body: Readable.from([bytes]) }),
    },
    {
      storeInTurn: async (content) => {
        for await (const chunk of content) void chunk;
        // each comes twice
        return { ids: { instance: ID(stored++ % LISTED) } } as never;
      },
    },
    undefined,
    { parts: LISTED, headerSize: 1000, size: 10_000_000, atOnce: 1, stepTime: -1, listed: LISTED, source: 'test' },
  );
}

const JOB = {
  id: randomUUID(),
  epoch: 1,
  steps: 0,
  memory: null,
  content: {},
  parameters: { server: 's', paths: ['1', '2', '3', '4'], headers: {} },
} as unknown as Job;

/** The bytes that a step appends to the log, all at once. */
async function appended(job: Job, done: StepDone): Promise<number> {
  let bytes = 0;
  const submit = async (events: readonly EventEnvelope[]): Promise<{ positions: []; outcomes: [] }> => {
    bytes += sizeInKafka(events);
    return { positions: [], outcomes: [] };
  };
  await new RunRecorder({ submit }, jobSealer().sealer, 'test').stepped(job, done);
  return bytes;
}

describe('a job that retrieves as many instances as it lists', () => {
  const signal = new AbortController().signal;

  it('goes on with its list from what it shows, and no step is larger than the log takes', async () => {
    const type = retrieveJob();
    let job = JOB;
    const sizes: number[] = [];
    for (let done: StepDone | undefined; !done?.outputs; job = { ...job, ...done, steps: job.steps + 1 }) {
      done = await type.step(job, { signal });
      sizes.push(await appended(job, done));
    }
    expect(sizes).toHaveLength(4);
    expect(Math.max(...sizes)).toBeLessThan(KAFKA_BATCH);
    expect(job.content).toMatchObject({ ReceivedInstancesCount: String(2 * LISTED) });
    expect(job.content.ReceivedInstances).toEqual(Array.from({ length: LISTED }, (_, index) => ID(index)));
  });

  it('goes on from what a former version left, which had the list in its memory as well', async () => {
    const memory = { next: 3, instances: 7, bytes: 5, ids: ['former'] };
    const content = { NetworkUsageMB: '0', ReceivedInstances: ['former'], ReceivedInstancesCount: '7' };
    const { content: now, outputs } = await retrieveJob().step({ ...JOB, memory, content }, { signal });
    expect(outputs).toEqual({});
    expect(now.ReceivedInstancesCount).toBe(String(7 + LISTED / 2));
    expect((now.ReceivedInstances as string[]).slice(0, 2)).toEqual(['former', ID(0)]);
  });
});
