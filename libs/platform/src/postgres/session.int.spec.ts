import { Session } from './session.js';
import { openTestDatabase, type TestDatabase } from './testing/test-database.js';

describe('a session', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(() => database.close());

  const counted = async (session: Session): Promise<unknown> => {
    const [[row] = []] = await session.execute(
      `SELECT count(*) AS connections FROM pg_stat_activity WHERE application_name = 'annal twice'`,
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
});
