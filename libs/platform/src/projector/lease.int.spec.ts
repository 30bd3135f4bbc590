import { until } from '../../../../test/support/processes.js';
import { migrate } from '../postgres/migrate.js';
import { Session } from '../postgres/session.js';
import { openTestDatabase, type TestDatabase } from '../postgres/testing/test-database.js';
import { Lease } from './lease.js';
import { lastingLeases } from './testing/lasting-leases.js';

describe('a lease', () => {
  let database: TestDatabase;
  let sessions: Session[];
  let first: Lease;
  let second: Lease;
  beforeEach(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    sessions = [1, 2].map(() => new Session(database.connection, 'test'));
    [first, second] = sessions.map((session) => new Lease(session, 'work')) as [Lease, Lease];
  });
  afterEach(async () => {
    await Promise.all(sessions.map((session) => session.reset()));
    await database.close();
  });

  it('is held by one, who keeps it, until it is given up', async () => {
    await lastingLeases(sessions[0]!);
    expect([await first.take(), await second.take(), await first.take()]).toEqual([true, false, true]);
    await first.release();
    expect([await second.take(), await first.take()]).toEqual([true, false]);
  });

  it('goes to another as soon as the connection of a holder that was killed has ended', async () => {
    // that it would lapse is no way out here
    await lastingLeases(sessions[0]!);
    expect([await first.take(), await second.take()]).toEqual([true, false]);
    await sessions[0]!.reset();
    await until(() => second.take());
  });

  it('stays with a holder whose connection broke and that was faster than the others', async () => {
    await lastingLeases(sessions[0]!);
    expect(await first.take()).toBe(true);
    await sessions[0]!.reset();
    expect([await first.take(), await second.take()]).toEqual([true, false]);
  });

  it('goes to another in the end when the holder does not renew it', async () => {
    expect(await first.take()).toBe(true);
    await until(() => second.take());
  });
});
