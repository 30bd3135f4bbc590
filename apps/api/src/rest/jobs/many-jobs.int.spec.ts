import { migrate, PostgresJobLeases, Session } from '@annal/platform';
import {
  openTestDatabase,
  type TestDatabase,
} from '../../../../../libs/platform/src/postgres/testing/test-database.js';
import { until } from '../../../../../test/support/processes.js';
import { type ReadingApp, startReadingApp } from '../testing/reading-app.js';

const COUNT = 10_000;
const SERVER = '0193a000-0000-4000-8000-000000000001';
const id = (number: number): string => `0193a000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** Jobs that wait, as the fold leaves them. */
const WAITING = `INSERT INTO jobs
  SELECT id, n, 'Archive', 'Pending', 0, NULL, 0, json_build_object('id', id, 'type', 'Archive', 'priority', 0,
    'permissive', false, 'parameters', json_build_object(), 'content', json_build_object('Number', n), 'state', 'Pending',
    'createdAt', '2026-11-22T09:00:00.000Z', 'completedAt', NULL, 'progress', 0, 'steps', 0, 'epoch', 0, 'memory', NULL,
    'runtime', 0, 'runningSince', NULL, 'errorCode', 0, 'errorDetails', '', 'outputs', json_build_object())
  FROM (SELECT n, '0193a000-0000-7000-8000-' || lpad(n::text, 12, '0') AS id FROM generate_series(1, ${COUNT}) n) t`;

describe(`${COUNT} jobs`, () => {
  let archive: ReadingApp;
  beforeAll(async () => {
    archive = await startReadingApp();
    await archive.execute(WAITING);
  });
  afterAll(() => archive.close());

  it('are listed in order, with all that is known of them', async () => {
    const { json: ids } = await archive.ask<string[]>('/jobs');
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, index) => id(index + 1)));
    const { json: jobs } = await archive.ask<{ ID: string; Content: object; State: string }[]>('/jobs?expand');
    expect(jobs.map(({ ID }) => ID)).toEqual(ids);
    expect(jobs.at(-1)).toMatchObject({ State: 'Pending', Content: { Number: COUNT }, Type: 'Archive' });
    const some = async (query: string): Promise<string[]> =>
      (await archive.ask<{ ID: string }[]>(`/jobs?expand&${query}`)).json.map(({ ID }) => ID);
    expect(await some(`limit=250&since=${id(99)}`)).toEqual(ids.slice(99, 349));
    expect(await some(`limit=100`)).toEqual(ids.slice(0, 100));
    expect(await some(`since=${id(COUNT - 100)}`)).toEqual(ids.slice(-100));
    expect(await some('state=Running')).toEqual([]);
  });
});

describe(`who looks for the next of ${COUNT} jobs`, () => {
  let database: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    session = new Session(database.connection, 'test');
    await session.execute(WAITING);
  });
  afterAll(async () => {
    await session.reset();
    await database.close();
  });

  /** Rows of jobs that were read so far by those who have hung up. */
  const rowsRead = async (): Promise<number> => {
    const [[row] = []] = await session.execute(
      `SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_user_tables WHERE relname = 'jobs'`,
    );
    return Number(row?.rows);
  };

  it.each(['before', 'after'])('reads a few of them, %s the planner knows how many there are', async (when) => {
    if (when === 'after') await session.execute('ANALYZE jobs');
    const before = await rowsRead();
    const leases = new PostgresJobLeases(database.connection, SERVER);
    const taken: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) taken.push(await leases.take(['Archive', 'Media'], 3));
    expect(taken).toEqual([id(1), id(2), id(3), undefined]);
    await leases.close();
    await until(async () => (await rowsRead()) > before);
    // those that are run are passed over, none beside the next one is read
    expect((await rowsRead()) - before).toBeLessThan(50);
  });
});
