import { LEVELS } from '@annal/domain';
import { migrate, openPool, Session } from '@annal/platform';
import { project } from '@annal/projections';
import fc from 'fast-check';
import type pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { emptyReadModels } from '../../../../test/support/archive-state.js';
import { history, recorded } from '../../../../test/support/history.js';
import { ListPlaces } from './list-places.js';
import { everything, readIdentifiers } from './read-resources.js';
import type { Page } from './selection.js';

describe('places in the list of all resources', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let session: Session;
  beforeAll(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    pool = openPool(database.connection, 'test', 4);
    session = new Session(database.connection, 'test');
  });
  afterAll(async () => {
    await pool.end();
    await session.reset();
    await database.close();
  });

  it('lead to the same pages, whatever is stored and deleted in between', async () => {
    let narrowed = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.array(page, { minLength: 3, maxLength: 3 }), async (events, pages) => {
        await emptyReadModels(session);
        const places = new ListPlaces(pool, 2);
        for (const event of recorded(events)) {
          await project([event], session.execute);
          for (const level of LEVELS) {
            await Promise.all(
              pages.map(async (each) => {
                const near = await places.narrow(everything(level), each);
                if (near.page.since !== each.since) narrowed++;
                const expected = await readIdentifiers(pool, everything(level), each);
                expect(await readIdentifiers(pool, near.selection, near.page)).toEqual(expected);
              }),
            );
          }
        }
      }),
      { numRuns: 10 },
    );
    expect(narrowed).toBeGreaterThan(100);
  });

  it.each([2 ** 31, 2 ** 31 * 2, 10 ** 15 - 1])('lead nowhere from %d on', async (since) => {
    const { selection, page } = await new ListPlaces(pool, 1).narrow(everything('Study'), { since, limit: 1 });
    expect(await readIdentifiers(pool, selection, page)).toEqual([]);
  });

  it('leave alone what begins near the beginning, is selected or ordered', async () => {
    const places = new ListPlaces(pool, 2);
    const all = everything('Study');
    for (const [selection, page] of [
      [all, {}],
      [all, { since: 1, limit: 3 }],
      [{ ...all, conditions: ['true'] }, { since: 9 }],
      [{ ...all, order: ['st.study_date'] }, { since: 9 }],
    ] as const) {
      expect(await places.narrow(selection, page)).toEqual({ selection, page });
    }
  });
});

const page: fc.Arbitrary<Page> = fc.record(
  { since: fc.nat(9), limit: fc.integer({ min: 1, max: 4 }) },
  { requiredKeys: ['since'] },
);
