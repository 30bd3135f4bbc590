import { BEGINNING } from '@annal/domain';
import { openTestDatabase, type TestDatabase } from '../postgres/testing/test-database.js';
import { expectSums, stateOf } from '../../../../test/support/archive-state.js';
import { naiveArchive } from '../../../../test/support/naive-archive.js';
import { until } from '../../../../test/support/processes.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { TestProjection } from '../../../../test/support/test-projection.js';
import { PostgresControlLog } from '../log/postgres-control-log.js';
import { migrate } from '../postgres/migrate.js';
import { Session } from '../postgres/session.js';
import { parkedEvents } from './parking.js';
import { Lease, type Turn } from './lease.js';
import type { Projector } from './projector.js';
import { lastingLeases } from './testing/lasting-leases.js';

/** Says that it is always the projector's turn. */
const ALWAYS: Turn = { take: () => Promise.resolve(true), release: () => Promise.resolve() };

describe('a projector', () => {
  let source: TestLog;
  let database: TestDatabase;
  let projection: TestProjection;
  beforeEach(async () => {
    source = await openTestLog();
    database = await openTestDatabase();
    await migrate(database.connection);
    projection = new TestProjection(database.connection, source.log, new PostgresControlLog(database.connection));
  });
  afterEach(async () => {
    await projection.close();
    await source.close();
    await database.close();
  });

  const store = async (...instances: number[]): Promise<void> => {
    const events = instances.map((n) => storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${n}` }));
    await Promise.all(events.map((event) => source.log.submit([event])));
  };
  const expectAsLive = async (): Promise<void> => {
    await projection.folded();
    expect(await dumpReadModels(projection.session)).toEqual(await dumpReadModels(source.session));
  };

  it('folds what there is and then what comes, as whoever writes the log would', async () => {
    await store(1, 2, 3);
    projection.start();
    await expectAsLive();
    await store(4, 5);
    await source.log.submit([storedEvent({ patient: 'Q', study: '2', series: '2.1', instance: '2.1.1' })]);
    await expectAsLive();
  });

  it('goes on where the last one ended', async () => {
    await store(1);
    await stopWhenFolded(projection.start());
    await store(2, 3);
    await stopWhenFolded(projection.start());
    await expectAsLive();
  });

  it('stands by while another one folds, and takes its place when that stops', async () => {
    await lastingLeases(projection.session);
    const first = projection.start();
    await until(() => first.state === 'folding');
    const second = projection.start();
    await store(1);
    await expectAsLive();
    expect([first.state, second.state]).toEqual(['folding', 'standby']);
    await first.stop();
    await until(() => second.state === 'folding');
    expect(first.state).toBe('stopped');
    await store(2);
    await expectAsLive();
  });

  it('takes the place of one that does not keep its lease, and that stands by when it finds out', async () => {
    const session = new Session(database.connection, 'sleeper');
    const lease = new Lease(session, 'projector');
    let awake: Promise<unknown> = Promise.resolve();
    const turn = { take: () => awake.then(() => lease.take()), release: () => lease.release() };
    const first = projection.start({ turn });
    await until(() => first.state === 'folding');
    let wakeUp!: () => void;
    awake = new Promise<void>((resolve) => (wakeUp = resolve));
    const second = projection.start();
    await until(() => second.state === 'folding');
    await lastingLeases(projection.session);
    await store(1);
    await expectAsLive();
    wakeUp();
    await until(() => first.state === 'standby');
    await store(2);
    await expectAsLive();
    expect(second.state).toBe('folding');
    await session.reset();
  });

  it('counts every event once where two fold at the same time', async () => {
    projection.start({ turn: ALWAYS });
    projection.start({ turn: ALWAYS });
    for (let round = 0; round < 30; round++) await store(...Array.from({ length: 20 }, (_, n) => 20 * round + n));
    await expectAsLive();
    await expectSums(projection.session);
    expect(await stateOf(projection.session)).toEqual(naiveArchive(await source.log.read(BEGINNING, 10_000)));
    expect(await parkedEvents(projection.session)).toEqual([]);
  });

  it('goes on after a lost connection, for which no event is to blame', async () => {
    projection.start();
    let ended = 0;
    for (let round = 0; ended < 10 || round < 30; round++) {
      await store(...Array.from({ length: 10 }, (_, n) => 10 * round + n));
      const [rows = []] = await projection.session.execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name LIKE 'annal projector%' AND datname = current_database()`);
      ended += rows.length;
      expect(await parkedEvents(projection.session)).toEqual([]);
    }
    await expectAsLive();
    expect(projection.said.complaints).not.toContainEqual(expect.stringContaining('cannot be folded'));
  });

  it('tells who looks after the archive when its fold begins and ends', async () => {
    const told: boolean[] = [];
    const projector = projection.start({ active: async (active) => void told.push(active) });
    await until(() => told.length > 0);
    await projector.stop();
    expect(told).toEqual([true, false]);
  });

  it('folds what is appended last by those who look after the archive, before it leaves', async () => {
    let appended = -1;
    const projector = projection.start({
      active: async (active) => {
        if (active) return;
        await store(1);
        appended = (await source.log.end()).offset;
        await projection.folded();
      },
    });
    await until(() => projector.state === 'folding');
    await projector.stop();
    expect(await projection.offset()).toBe(appended);
  });

  async function stopWhenFolded(projector: Projector): Promise<void> {
    await projection.folded();
    await projector.stop();
  }
});
