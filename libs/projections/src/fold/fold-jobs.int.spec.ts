import { randomUUID } from 'node:crypto';
import { envelope, type EventEnvelope, type Job, type JobEvent, jobSubject } from '@annal/domain';
import { migrate, Session } from '@annal/platform';
import { project } from '@annal/projections';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { recorded } from '../../../../test/support/history.js';
import { emptyReadModels } from '../../../../test/support/archive-state.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent, testContext } from '../../../../test/support/stored-event.js';

const NOW = new Date('2026-11-22T09:00:00.000Z');

/** An event of a job as it is appended, with what it says in clear. */
function jobEvent(event: JobEvent, part?: object): EventEnvelope {
  const value = part && Buffer.from(JSON.stringify(part)).toString('base64');
  const sealed = value === undefined ? undefined : ({ keyId: null, algorithm: 'none', value } as const);
  return envelope(event, jobSubject(event.data.id), testContext(NOW), sealed);
}

const submitted = (id: string): EventEnvelope =>
  jobEvent(
    { type: 'annal.job.submitted.v1', data: { id, jobType: 'Archive', priority: 1, permissive: false } },
    { parameters: {}, content: { A: 1 } },
  );
const started = (id: string, epoch: number): EventEnvelope =>
  jobEvent({ type: 'annal.job.started.v1', data: { id, epoch } });
const stepped = (id: string, epoch: number, step: number, blobs: readonly string[]): EventEnvelope =>
  jobEvent(
    { type: 'annal.job.step-completed.v1', data: { id, epoch, step, progress: 0.5, blobs } },
    { memory: { step }, content: { B: step } },
  );
const succeeded = (id: string, epoch: number): EventEnvelope =>
  jobEvent({ type: 'annal.job.succeeded.v1', data: { id, epoch } }, { content: {}, outputs: { archive: {} } });
const plain = (type: 'paused' | 'resumed' | 'cancelled' | 'resubmitted' | 'removed', id: string): EventEnvelope =>
  jobEvent({ type: `annal.job.${type}.v1`, data: { id } });

/** Anything that may happen to a few jobs, in any order, and instances in between. */
const anything = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom('j1', 'j2'), fc.constantFrom('paused', 'resumed', 'cancelled', 'resubmitted', 'removed')),
    fc.tuple(fc.constantFrom('j1', 'j2'), fc.constantFrom('submitted', 'succeeded', 'output', 'instance')),
    fc.tuple(fc.constantFrom('j1', 'j2'), fc.constantFrom('started', 'stepped'), fc.nat(2)),
  ),
  { maxLength: 24 },
);

function historyOf(steps: typeof anything extends fc.Arbitrary<infer T> ? T : never): EventEnvelope[] {
  return [
    submitted('j1'),
    submitted('j2'),
    ...steps.map(([id, what, number = 0]) => {
      switch (what) {
        case 'submitted':
          return submitted(id);
        case 'started':
          return started(id, number + 1);
        case 'stepped':
          return stepped(id, number, number, [randomUUID()]);
        case 'succeeded':
          return succeeded(id, 1);
        case 'output':
          return jobEvent({ type: 'annal.job.output-removed.v1', data: { id, output: 'archive' } });
        case 'instance':
          return storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${randomUUID()}` });
        default:
          return plain(what, id);
      }
    }),
  ];
}

describe('the fold of jobs', () => {
  let database: TestDatabase;
  let session: Session;
  let offset = -1;
  beforeAll(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    session = new Session(database.connection, 'test');
  });
  afterAll(async () => {
    await session.reset();
    await database.close();
  });
  beforeEach(async () => {
    await emptyReadModels(session);
    offset = -1;
  });
  const fold = async (...events: readonly EventEnvelope[]): Promise<readonly (string | undefined)[]> => {
    const all = events.map((event, index) => ({
      ...event,
      position: { partition: 0, offset: offset + 1 + index },
    }));
    offset += all.length;
    const { outcomes } = await project(all, session.execute);
    return events.map(({ id }) => outcomes.get(id)?.kind);
  };
  const jobs = async (): Promise<readonly Record<string, unknown>[]> =>
    (await session.execute('SELECT * FROM jobs ORDER BY id'))[0]!;
  const column = async (sql: string): Promise<unknown[]> =>
    (await session.execute(sql))[0]!.map((row) => Object.values(row)[0]);

  it('keeps a job as its events leave it, with what waiting and ended ones are found by', async () => {
    expect(await fold(submitted('j'), started('j', 1), stepped('j', 1, 0, ['b0']))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const [row] = await jobs();
    expect(row).toMatchObject({
      id: 'j',
      key: 0,
      type: 'Archive',
      state: 'Running',
      priority: 1,
      ended: null,
      outputs: 0,
    });
    expect(row!.job).toMatchObject({ steps: 1, memory: { step: 0 }, content: { B: 0 } } satisfies Partial<Job>);
    await fold(succeeded('j', 1));
    expect((await jobs())[0]).toMatchObject({ state: 'Success', ended: 3, outputs: 1 });
    expect(await column('SELECT blob_key FROM job_blobs')).toEqual(['b0']);
  });

  it('refuses, whatever batch they come in, what a run does that another one has followed', async () => {
    const [one, two] = [stepped('j', 1, 0, ['late']), succeeded('j', 1)];
    expect(await fold(submitted('j'), started('j', 1), started('j', 2), one)).toEqual([
      undefined,
      undefined,
      undefined,
      'conflict',
    ]);
    expect(await fold(two, started('j', 2))).toEqual(['conflict', 'conflict']);
    expect(await column('SELECT key FROM blob_garbage')).toEqual(['late']);
    expect(await fold(plain('paused', 'none'))).toEqual(['not-found']);
  });

  it.each(['cancelled', 'removed', 'output'] as const)(
    'makes garbage of what a job made once it is %s',
    async (how) => {
      await fold(submitted('j'), started('j', 1), stepped('j', 1, 0, ['b0']));
      await fold(stepped('j', 1, 1, ['b1']), ...(how === 'cancelled' ? [plain(how, 'j')] : [succeeded('j', 1)]));
      if (how === 'removed') await fold(plain('removed', 'j'));
      if (how === 'output')
        await fold(jobEvent({ type: 'annal.job.output-removed.v1', data: { id: 'j', output: 'archive' } }));
      expect(await column('SELECT key FROM blob_garbage ORDER BY key')).toEqual(['b0', 'b1']);
      expect(await column('SELECT blob_key FROM job_blobs')).toEqual([]);
      expect(await jobs()).toHaveLength(how === 'removed' ? 0 : 1);
    },
  );

  it('changes nothing that Orthanc clients follow: there are no changes of jobs', async () => {
    await fold(submitted('j'), plain('cancelled', 'j'));
    expect(await column('SELECT count(*) FROM changes')).toEqual([0]);
    expect(await column('SELECT change_seq FROM folded_position')).toEqual([0]);
  });

  it('makes equal tables of any split of a history into batches', async () => {
    await fc.assert(
      fc.asyncProperty(anything, fc.array(fc.integer({ min: 1, max: 5 })), async (steps, sizes) => {
        const all = recorded(historyOf(steps));
        await emptyReadModels(session);
        await project(all, session.execute);
        const atOnce = await dumpReadModels(session);
        await emptyReadModels(session);
        let at = 0;
        for (const size of [...sizes, all.length]) {
          if (at < all.length) await project(all.slice(at, at + size), session.execute);
          at += size;
        }
        expect(await dumpReadModels(session)).toEqual(atOnce);
      }),
      { numRuns: 12 },
    );
  });
});
