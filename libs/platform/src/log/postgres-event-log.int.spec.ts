import { BEGINNING, type EventEnvelope } from '@annal/domain';
import fc from 'fast-check';
import { expectSums, stateOf } from '../../../../test/support/archive-state.js';
import { describeEventLogContract } from '../../../../test/support/event-log-contract.js';
import { openTestLog } from '../../../../test/support/test-log.js';
import { history } from '../../../../test/support/history.js';
import { naiveArchive } from '../../../../test/support/naive-archive.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { Session } from '../postgres/session.js';

describeEventLogContract('PostgresEventLog', async () => {
  const test = await openTestLog();
  return { log: test.log, other: await test.another(), close: () => test.close() };
});

describe('PostgresEventLog', () => {
  it('folds with a snapshot younger than the lock: the same SOP instance from a second, blocked writer is AlreadyStored', async () => {
    const test = await openTestLog();
    const other = await test.another();
    const blocker = new Session(test.database.connection, 'blocker');
    await blocker.execute('BEGIN; SELECT 1 FROM annal_log.position FOR UPDATE');
    const sample = { patient: 'P', study: '1', series: '1.1', instance: '1.1.1' };
    const both = Promise.all([test.log.submit([storedEvent(sample)]), other.submit([storedEvent(sample)])]);
    await until(async () => {
      const [[row] = []] = await test.session.execute(
        `SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row!.waiting === 2;
    });
    await blocker.execute('COMMIT');
    const kinds = (await both).map(({ outcomes }) => outcomes[0]?.kind ?? 'success').sort();
    expect(kinds).toEqual(['already-stored', 'success']);
    const [[count] = []] = await test.session.execute('SELECT count(*) AS n FROM instances');
    expect(count!.n).toBe(1);
    await blocker.reset();
    await test.close();
  });

  it('folds from memory what it would fold from the tables, whoever else appends or deletes meanwhile', async () => {
    const test = await openTestLog();
    const writers = [test.log, await test.another()];
    const turns = fc.array(fc.record({ writer: fc.constantFrom(0, 1), size: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(history, turns, async (events, order) => {
        const rest = [...events];
        for (let i = 0; rest.length > 0; i++) {
          const { writer, size } = order[i % order.length]!;
          await Promise.all(rest.splice(0, size).map((event) => writers[writer]!.submit([event])));
        }
        const all = await test.log.read(BEGINNING, 1_000_000);
        expect(await stateOf(test.session)).toEqual(naiveArchive(all));
        await expectSums(test.session);
      }),
      { numRuns: 40 },
    );
    await test.close();
  });

  it('folds more of a series it has just written in one round trip', async () => {
    const test = await openTestLog();
    const instance = (i: number): EventEnvelope =>
      storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${i}` });
    await test.log.submit([instance(0)]);
    await test.session.execute('ALTER FUNCTION fold_load RENAME TO not_now');
    await test.log.submit([instance(1)]);
    await test.session.execute('ALTER FUNCTION not_now RENAME TO fold_load');
    expect(await stateOf(test.session)).toEqual(naiveArchive(await test.log.read(BEGINNING, 10)));
    await test.close();
  });

  it('finds out about a commit whose answer was lost', async () => {
    const test = await openTestLog();
    const stop = killSessionsOfTheWriter(test.session);
    const events = Array.from({ length: 300 }, (_, i) =>
      storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${i}` }),
    );
    const results = await Promise.allSettled(events.map((event) => test.log.submit([event])));
    await stop();
    const [rows = []] = await test.session.execute(`SELECT body->>'id' AS id FROM annal_log.events`);
    const stored = new Set(rows.map(({ id }) => id as string));
    results.forEach((result, i) => expect(stored.has(events[i]!.id)).toBe(result.status === 'fulfilled'));
    await test.close();
  });
});

/** Ends the log writer's session again and again until told to stop. */
function killSessionsOfTheWriter(session: Session): () => Promise<void> {
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      await session.execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'annal log writer' AND datname = current_database()`);
    }
  })();
  return async () => {
    stopped = true;
    await running;
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}
