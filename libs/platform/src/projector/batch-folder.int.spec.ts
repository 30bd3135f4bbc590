import { type RecordedEvent, Skips } from '@annal/domain';
import type { Execute } from '@annal/projections';
import fc from 'fast-check';
import { emptyReadModels, expectSums, stateOf } from '../../../../test/support/archive-state.js';
import { history, recorded } from '../../../../test/support/history.js';
import { naiveArchive } from '../../../../test/support/naive-archive.js';
import { until } from '../../../../test/support/processes.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { migrate } from '../postgres/migrate.js';
import { Session } from '../postgres/session.js';
import { openTestDatabase, type TestDatabase } from '../postgres/testing/test-database.js';
import { BatchFolder } from './batch-folder.js';

const WRITERS = ['7a0c1d4e-0000-4000-8000-000000000001', '7a0c1d4e-0000-4000-8000-000000000002'] as const;
const NONE = new Skips();

describe('folding batch by batch', () => {
  let database: TestDatabase;
  let session: Session;

  beforeEach(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    session = new Session(database.connection, 'test');
  });
  afterEach(async () => {
    await session.reset();
    await database.close();
  });

  it('counts every event once: of two writers, sent twice, in any batches, by two projectors in turns', async () => {
    const step = fc.record({
      size: fc.integer({ min: 1, max: 6 }),
      repeated: fc.integer({ min: 0, max: 3 }),
      folder: fc.constantFrom(0, 1),
    });
    await fc.assert(
      fc.asyncProperty(history, fc.array(step, { minLength: 1 }), async (events, steps) => {
        await emptyReadModels(session);
        const folders = [new BatchFolder(session), new BatchFolder(session)];
        const log: RecordedEvent[] = [];
        const firsts: RecordedEvent[] = [];
        const base = recorded(events);
        let folded = 0;
        for (let i = 0; firsts.length < base.length; i++) {
          const { size, repeated, folder } = steps[i % steps.length]!;
          for (const event of base.slice(firsts.length, firsts.length + size)) {
            const n = firsts.length;
            const writing = { writer: WRITERS[n % 2]!, counter: n + 1 };
            firsts.push(at({ ...event, writing }, log.length));
            log.push(firsts.at(-1)!);
          }
          for (const event of firsts.slice(-repeated || firsts.length)) log.push(at(event, log.length));
          await folders[folder]!.fold(log.slice(folded), NONE);
          folded = log.length;
        }
        expect(await stateOf(session)).toEqual(naiveArchive(firsts));
        await expectSums(session);
      }),
      { numRuns: 60 },
    );
  });

  it('folds more of a series it has just folded in one round trip', async () => {
    const events = [1, 2].map((n): RecordedEvent => {
      const event = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${n}` });
      return { ...event, position: { partition: 0, offset: n - 1 }, writing: { writer: WRITERS[0], counter: n } };
    });
    const folder = new BatchFolder(session);
    await folder.fold(events.slice(0, 1), NONE);
    await session.execute('ALTER FUNCTION fold_load RENAME TO not_now');
    await folder.fold(events.slice(1), NONE);
    await session.execute('ALTER FUNCTION not_now RENAME TO fold_load');
    expect(await stateOf(session)).toEqual(naiveArchive(events));
  });

  it('loses no event where the connection breaks between two round trips of a large batch', async () => {
    const events = Array.from({ length: 100 }, (_, n): RecordedEvent => {
      const event = storedEvent({ patient: `P${n}`, study: `${n}`, series: `${n}.1`, instance: `${n}.1.1` });
      return { ...event, position: { partition: 0, offset: n }, writing: { writer: WRITERS[0], counter: n + 1 } };
    });
    const { execute } = session;
    const breaking: Execute = async (sql) => {
      const rows = await execute(sql);
      if (typeof sql !== 'string' && sql.name === 'fold_write') await breakConnection();
      return rows;
    };
    Object.assign(session, { execute: breaking });
    const folder = new BatchFolder(session);
    await expect(folder.fold(events, NONE)).rejects.toThrow('Connection terminated in the midst of a transaction');
    Object.assign(session, { execute });
    await session.reset();
    await folder.fold(events, NONE);
    expect(await stateOf(session)).toEqual(naiveArchive(events));
  });

  /** Ends the session's connection from the database's side. */
  async function breakConnection(): Promise<void> {
    const other = new Session(database.connection, 'other');
    await other.execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'annal test' AND datname = current_database()`);
    await other.reset();
    await until(() => session.connection === undefined);
  }
});

function at(event: RecordedEvent, offset: number): RecordedEvent {
  return { ...event, position: { partition: 0, offset } };
}
