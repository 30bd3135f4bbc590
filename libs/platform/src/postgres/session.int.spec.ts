import { until } from '../../../../test/support/processes.js';
import { isConnectionLost, Session } from './session.js';
import { openTestDatabase, type TestDatabase } from './testing/test-database.js';

describe('a session', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(() => database.close());

  const counted = async (session: Session): Promise<unknown> => {
    const [[row] = []] = await session.execute(
      `SELECT count(*) AS connections FROM pg_stat_activity
        WHERE application_name = 'annal twice' AND datname = current_database()`,
    );
    return row!.connections;
  };

  it('is one connection, however many ask for it at once, and none once it is reset', async () => {
    const [session, other] = [new Session(database.connection, 'twice'), new Session(database.connection, 'other')];
    try {
      const clients = await Promise.all(Array.from({ length: 5 }, () => session.connect()));
      expect(new Set(clients).size).toBe(1);
      expect(await counted(other)).toBe(1);
      await session.reset();
      expect(session.connection).toBeUndefined();
      const opening = session.connect();
      await session.reset();
      await opening;
      await session.reset();
      expect(session.connection).toBeUndefined();
    } finally {
      await Promise.all([session.reset(), other.reset()]);
    }
  });

  it('runs what is asked at once one after the other, each whether the one before failed or not', async () => {
    const session = new Session(database.connection, 'queue');
    const client = await session.connect();
    const ask = client.query.bind(client) as (query: unknown) => Promise<unknown>;
    let [atOnce, most] = [0, 0];
    const counting = (query: unknown): Promise<unknown> => {
      most = Math.max(most, ++atOnce);
      return ask(query).finally(() => atOnce--);
    };
    Object.assign(client, { query: counting });
    try {
      const asked = ['SELECT 1 AS n', 'SELECT nothing', 'SELECT 2 AS n', 'SELECT 3 AS n'];
      const [one, failed, ...rest] = await Promise.allSettled(asked.map((sql) => session.execute(sql)));
      expect(one).toMatchObject({ value: [[{ n: 1 }]] });
      expect(failed).toMatchObject({ status: 'rejected', reason: { code: '42703' } });
      expect(rest).toMatchObject([{ value: [[{ n: 2 }]] }, { value: [[{ n: 3 }]] }]);
      const rows = [4, 5, 6].map((n) => session.rows({ name: 'given', text: 'SELECT $1::int AS n', values: [n] }));
      expect(await Promise.all([...rows, session.execute('SELECT 7 AS n')])).toEqual([
        [{ n: 4 }],
        [{ n: 5 }],
        [{ n: 6 }],
        [[{ n: 7 }]],
      ]);
      expect(most).toBe(1);
    } finally {
      await session.reset();
    }
  });

  const endConnectionOf = async (session: Session): Promise<void> => {
    const other = new Session(database.connection, 'other');
    await other.execute(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'annal broken' AND datname = current_database()`,
    );
    await other.reset();
    await until(() => session.connection === undefined);
  };

  it('opens another connection after one that broke between transactions', async () => {
    const session = new Session(database.connection, 'broken');
    try {
      await session.execute('BEGIN; SELECT 1; COMMIT');
      await endConnectionOf(session);
      expect(await session.execute('SELECT 1 AS n')).toEqual([[{ n: 1 }]]);
    } finally {
      await session.reset();
    }
  });

  it.each(['SELECT 1', 'SELECT nothing'])(
    'goes on after %s in no transaction that broke, until it is reset',
    async (sql) => {
      const session = new Session(database.connection, 'broken');
      try {
        await session.execute('BEGIN');
        await session.execute(sql).catch(() => undefined);
        await endConnectionOf(session);
        for (const next of ['SELECT 1', 'INSERT INTO t VALUES (1); COMMIT', 'ROLLBACK']) {
          const failed = await session.execute(next).catch((error: unknown) => error);
          expect(failed).toEqual(new Error('Connection terminated in the midst of a transaction'));
          expect(isConnectionLost(failed)).toBe(true);
        }
        await session.reset();
        expect(await session.execute('SELECT 1 AS n')).toEqual([[{ n: 1 }]]);
      } finally {
        await session.reset();
      }
    },
  );

  it('has one connection and no other where it is for life, until it is reset', async () => {
    const session = new Session(database.connection, 'broken', { once: true });
    try {
      await session.execute('SELECT pg_advisory_lock(1)');
      await endConnectionOf(session);
      await expect(session.execute('SELECT 1')).rejects.toThrow('Connection terminated, and with it what it held');
    } finally {
      await session.reset();
    }
  });

  it('runs nothing any more that waited when it was reset', async () => {
    const session = new Session(database.connection, 'queue');
    try {
      await session.execute('SELECT 1');
      const asked = ['SELECT pg_sleep(60)', 'SELECT 1', 'SELECT 2'].map((sql) => session.execute(sql));
      const ended = Promise.allSettled(asked);
      await session.reset();
      expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect(session.connection).toBeUndefined();
      expect(await session.execute('SELECT 1 AS n')).toEqual([[{ n: 1 }]]);
    } finally {
      await session.reset();
    }
  });
});
