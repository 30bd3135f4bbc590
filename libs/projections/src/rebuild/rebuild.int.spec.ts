import type { EventLog } from '@annal/domain';
import { Session } from '@annal/platform';
import { LIVE_SCHEMA, rebuild, REBUILD_SCHEMA, RebuildMismatch } from '@annal/projections';
import fc from 'fast-check';
import { history } from '../../../../test/support/history.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';

const TABLES = ['folded_position', 'patients', 'studies', 'series', 'instances', 'headers', 'changes'];
const OUTSIDE = ['annal_log.change_feed', 'annal_ops.blob_garbage', 'annal_ops.outcomes'];

describe('a rebuild', () => {
  let test: TestLog;
  let session: Session;
  beforeEach(async () => {
    test = await openTestLog();
    session = new Session(test.database.connection, 'rebuild', REBUILD_SCHEMA);
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
    for (let statements = 1; statements <= 12; statements++) {
      const dying = new Session(test.database.connection, 'rebuild', REBUILD_SCHEMA);
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
});
