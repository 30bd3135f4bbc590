import { type Job, RemoveJob, RemoveJobOutput } from '@annal/domain';
import { openPool } from '@annal/platform';
import type { StatementRunner } from '@annal/projections';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { JobHistory } from './job-history.js';
import type { JobType } from './job-type.js';
import { JobTypes } from './job-types.js';

describe('what jobs made', () => {
  let test: TestLog;
  let pool: ReturnType<typeof openPool>;
  beforeAll(async () => {
    test = await openTestLog();
    pool = openPool(test.database.connection, 'test', 1);
  });
  afterAll(async () => {
    await pool.end();
    await test.close();
  });

  it('is kept so long after its end that whoever waits for that sees it, unless no job is kept at all', async () => {
    const forgotten: string[] = [];
    const commands = {
      execute: async (command: unknown) => {
        if (command instanceof RemoveJob) forgotten.push(command.id);
      },
    };
    const run = async (jobs: number): Promise<readonly string[]> => {
      const limits = { jobs, outputs: 1000, expiry: 0, grace: 0 };
      const leases = { leads: async () => true };
      const history = new JobHistory(pool, leases as never, commands as never, limits, 'test', new JobTypes());
      await history.run();
      return forgotten.splice(0);
    };
    const end = (id: string, ended: number, ago: number): Promise<unknown> =>
      test.session.execute(`INSERT INTO jobs (id, key, type, state, priority, ended, outputs, job)
        VALUES ('${id}', ${ended}, 'Archive', 'Success', 0, ${ended}, 0,
          json_build_object('id', '${id}', 'completedAt', '${new Date(Date.now() - ago).toISOString()}'))`);
    await end('old', 1001, 10_000);
    await end('new', 1002, 0);
    await end('newest', 1003, 0);
    expect(await run(1)).toEqual(['old']);
    expect(await run(0)).toEqual(['newest', 'new', 'old']);
    await test.session.execute('DELETE FROM jobs');
  });

  it('is looked through for copies of what was deleted a few jobs at a time, however many are kept', async () => {
    const COUNT = 65;
    await test.session.execute(`INSERT INTO jobs (id, key, type, state, priority, ended, outputs, job)
      SELECT 'j' || n, n, 'Archive', 'Success', 0, n, 1,
        json_build_object('id', 'j' || n, 'type', 'Archive', 'completedAt', '2026-11-22T09:00:00.000Z',
          'outputs', json_build_object('archive', json_build_object()))
        FROM generate_series(1, ${COUNT}) n`);
    const answers: number[] = [];
    const runner: StatementRunner = {
      query: async (statement) => {
        const answer = await (pool as StatementRunner).query(statement);
        answers.push(answer.rows.length);
        return answer as never;
      },
    };
    const asked: string[] = [];
    const isOutdated = async ({ id }: Job): Promise<boolean> => asked.push(id) % 3 === 0;
    const types = new JobTypes();
    types.register({ name: 'Archive', isOutdated } as JobType);
    const removed: string[] = [];
    const commands = {
      execute: async (command: unknown) => {
        if (command instanceof RemoveJobOutput) removed.push(command.id);
      },
    };
    const limits = { jobs: 1000, outputs: 1000, expiry: 0, grace: 0 };
    const leases = { leads: async () => true };
    const history = new JobHistory(runner, leases as never, commands as never, limits, 'test', types);
    await history.forgetDeleted();
    expect(asked).toEqual(Array.from({ length: COUNT }, (_, index) => `j${index + 1}`));
    expect(removed).toEqual(asked.filter((_, index) => index % 3 === 2));
    expect(Math.max(...answers)).toBeLessThan(COUNT / 2);
  });
});
