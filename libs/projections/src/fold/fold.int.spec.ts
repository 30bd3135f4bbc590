import type { RecordedEvent } from '@annal/domain';
import { migrate, Session } from '@annal/platform';
import { project } from '@annal/projections';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { history, recorded } from '../../../../test/support/history.js';
import { emptyReadModels, expectSums, stateOf } from '../../../../test/support/archive-state.js';
import { naiveArchive } from '../../../../test/support/naive-archive.js';

const TABLES = ['folded_position', 'patients', 'studies', 'series', 'instances', 'headers', 'changes', 'change_feed'];

describe('the fold', () => {
  let database: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    session = new Session(database.connection, 'test');
  });
  afterAll(async () => {
    await session.reset();
    await database.close();
  });

  it('says what a plain walk through the history says', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        const all = recorded(events);
        await emptyReadModels(session);
        await project(all, session.execute);
        expect(await stateOf(session)).toEqual(naiveArchive(all));
      }),
      { numRuns: 60 },
    );
  });

  it('makes equal tables of any split of a history into batches', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.array(fc.integer({ min: 1, max: 7 })), async (events, sizes) => {
        const all = recorded(events);
        await emptyReadModels(session);
        await project(all, session.execute);
        const atOnce = await dump(session);
        await emptyReadModels(session);
        for (const batch of split(all, sizes)) await project(batch, session.execute);
        expect(await dump(session)).toEqual(atOnce);
      }),
      { numRuns: 40 },
    );
  });

  it('skips what it has folded already', async () => {
    const [events] = fc.sample(history, { numRuns: 1, seed: 7 });
    const all = recorded(events!);
    await emptyReadModels(session);
    await project(all, session.execute);
    const once = await dump(session);
    await project(all, session.execute);
    await project(all.slice(-1), session.execute);
    expect(await dump(session)).toEqual(once);
  });

  it('refuses a gap', async () => {
    await emptyReadModels(session);
    const all = recorded(fc.sample(history, { numRuns: 1, seed: 8 })[0]!);
    await expect(project(all.slice(1), session.execute)).rejects.toThrow(/offset 1/);
  });

  it('keeps the totals equal to the sums', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        await emptyReadModels(session);
        await project(recorded(events), session.execute);
        await expectSums(session);
      }),
      { numRuns: 40 },
    );
  });
});

async function dump(session: Session): Promise<unknown> {
  const results = await session.execute(TABLES.map((table) => `SELECT * FROM ${table} ORDER BY 1`).join(';'));
  const [garbage] = await session.execute('SELECT key, instance_id, position FROM blob_garbage ORDER BY key');
  return [...results, garbage];
}

function split(events: readonly RecordedEvent[], sizes: readonly number[]): RecordedEvent[][] {
  const batches: RecordedEvent[][] = [];
  const rest = [...events];
  for (let i = 0; rest.length > 0; i++)
    batches.push(rest.splice(0, sizes[i % Math.max(1, sizes.length)] ?? rest.length));
  return batches;
}
