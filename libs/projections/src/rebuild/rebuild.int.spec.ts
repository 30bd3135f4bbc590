import type { EventLog } from '@annal/domain';
import { Session } from '@annal/platform';
import { LIVE_SCHEMA, OtherReadModels, project, rebuild, REBUILD_SCHEMA, RebuildMismatch } from '@annal/projections';
import fc from 'fast-check';
import { history } from '../../../../test/support/history.js';
import { until } from '../../../../test/support/processes.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';

const TABLES = ['folded_position', 'patients', 'studies', 'series', 'instances', 'headers', 'changes'];
const OUTSIDE = ['annal_log.change_feed', 'annal_ops.blob_garbage', 'annal_ops.outcomes'];

describe('a rebuild', () => {
  let test: TestLog;
  let session: Session;
  beforeEach(async () => {
    test = await openTestLog();
    session = new Session(test.database.connection, 'rebuild', { schema: REBUILD_SCHEMA, once: true });
  });
  afterEach(async () => {
    await session.reset();
    await test.close();
  });

  async function dump(): Promise<unknown> {
    const tables = [...TABLES.map((name) => `${LIVE_SCHEMA}.${name}`), ...OUTSIDE];
    return test.session.execute(tables.map((table) => `SELECT * FROM ${table} ORDER BY 1`).join(';'));
  }

  it('of any history gives tables equal to the live ones, keys and Seq included, and touches nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        for (const event of events) await test.log.append([event]);
        const live = await dump();
        await rebuild(test.log, session.execute);
        expect(await dump()).toEqual(live);
      }),
      { numRuns: 8 },
    );
  });

  it('has the indexes that a first start makes', async () => {
    const indexes = (): Promise<unknown> =>
      test.session.execute(`SELECT indexdef FROM pg_indexes WHERE schemaname = '${LIVE_SCHEMA}' ORDER BY 1`);
    const first = await indexes();
    await rebuild(test.log, session.execute);
    expect(await indexes()).toEqual(first);
  });

  it('takes in what is appended meanwhile', async () => {
    const sample = { patient: 'P', study: '1', series: '1.1' };
    await test.log.append([storedEvent({ ...sample, instance: '0' })]);
    const appends: Promise<unknown>[] = [];
    const log: EventLog = {
      logId: test.log.logId,
      append: (events) => test.log.append(events),
      end: () => test.log.end(),
      subscribe: (after, handler) => test.log.subscribe(after, handler),
      read: async (after, limit) => {
        const events = await test.log.read(after, limit);
        if (appends.length < 3) {
          const append = test.log.append([storedEvent({ ...sample, instance: `1.${appends.length}` })]);
          appends.push(append);
          // once the rebuild holds the lock, what comes has to wait for it
          if (appends.length < 2) await append;
        }
        return events;
      },
    };
    await rebuild(log, session.execute);
    await Promise.all(appends);
    const [[row] = []] = await test.session.execute('SELECT count(*) AS n FROM instances');
    expect(row!.n).toBe(appends.length + 1);
  });

  it.each([
    ['another change', "UPDATE annal_log.change_feed SET resource_id = 'x' WHERE seq = 3"],
    ['another type', 'UPDATE annal_log.change_feed SET type = 8 WHERE seq = 1'],
    ['a change missing', 'DELETE FROM annal_log.change_feed WHERE seq = 2'],
    ['the last change missing', 'DELETE FROM annal_log.change_feed WHERE seq = 4'],
    ['a change too many at the end', "INSERT INTO annal_log.change_feed VALUES (5, 1, 1, 3, 'x', '20260101T000000')"],
  ])('is refused, and nothing is swapped, where the changes feed has %s', async (_what, tamper) => {
    await test.log.append([storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1' })]);
    await test.session.execute(tamper);
    const live = await dump();
    const oid = `SELECT '${LIVE_SCHEMA}.instances'::regclass::oid AS oid`;
    const before = await test.session.execute(oid);
    await expect(rebuild(test.log, session.execute)).rejects.toBeInstanceOf(RebuildMismatch);
    expect(await dump()).toEqual(live);
    expect(await test.session.execute(oid)).toEqual(before);
  });

  it('that is killed half-way leaves the live read models alone, and can be repeated', async () => {
    for (let i = 0; i < 5; i++) {
      await test.log.append([storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `${i}` })]);
    }
    const live = await dump();
    for (let statements = 1; statements <= 100; statements++) {
      const dying = new Session(test.database.connection, 'rebuild', { schema: REBUILD_SCHEMA, once: true });
      let left = statements;
      const killed = rebuild(test.log, async (sql) => {
        if (left-- === 0) {
          await dying.reset();
          throw new Error('killed');
        }
        return dying.execute(sql);
      });
      const finished = await killed.then(
        () => true,
        () => false,
      );
      await dying.reset();
      expect(await dump()).toEqual(live);
      if (finished) break;
    }
    await rebuild(test.log, session.execute);
    expect(await dump()).toEqual(live);
    await test.log.append([storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '6' })]);
  });

  it('lets no fold go on in the new tables that waited for the old ones', async () => {
    const next = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '2' });
    await test.log.append([storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1' })]);
    const { offset } = await test.log.end();
    const folding = new Session(test.database.connection, 'waiting fold');
    let folded: Promise<unknown> = Promise.resolve();
    try {
      await rebuild(test.log, async (sql) => {
        if (typeof sql === 'string' && sql.includes('RENAME TO')) {
          const event = { ...next, position: { partition: 0, offset: offset + 1 } };
          folded = project([event], folding.execute).catch((error: unknown) => error);
          await until(async () => (await waiting()) === 1);
        }
        return session.execute(sql);
      });
      expect(await folded).toBeInstanceOf(OtherReadModels);
      await test.log.append([next]);
    } finally {
      await folding.reset();
    }
  });

  it('changes nothing where the log gives less than is folded', async () => {
    for (const instance of ['1', '2', '3']) {
      await test.log.append([storedEvent({ patient: 'P', study: '1', series: '1.1', instance })]);
    }
    const live = await dump();
    const cut = (await test.log.end()).offset - 1;
    const log: EventLog = Object.assign(Object.create(test.log) as EventLog, {
      read: async (...[after, limit]: Parameters<EventLog['read']>) =>
        (await test.log.read(after, limit)).filter(({ position }) => position.offset <= cut),
    });
    await expect(rebuild(log, session.execute)).rejects.toThrow(`The event log gave nothing behind ${cut}`);
    expect(await dump()).toEqual(live);
  });

  async function waiting(): Promise<number> {
    const [rows = []] = await test.session.execute(`SELECT 1 FROM pg_stat_activity
      WHERE application_name = 'annal waiting fold' AND wait_event_type = 'Lock' AND datname = current_database()`);
    return rows.length;
  }
});
