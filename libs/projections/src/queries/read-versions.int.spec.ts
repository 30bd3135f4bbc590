import type { Level } from '@annal/domain';
import { LEVELS } from '@annal/domain';
import { migrate, openPool, Session } from '@annal/platform';
import { project } from '@annal/projections';
import fc from 'fast-check';
import type pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { emptyReadModels } from '../../../../test/support/archive-state.js';
import { history, recorded } from '../../../../test/support/history.js';
import { everything, keyOf, readIdentifiers, readResources, readVersions, withKeys } from './read-resources.js';
import type { Page, Selection } from './selection.js';

describe('versions of resources', () => {
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

  const seen = new Map<string, string>();

  /** Every resource as it is now; fails where one of a version that was seen before is another one. */
  async function look(level: Level): Promise<void> {
    const contents = { ...EVERYTHING, version: true };
    for (const row of await readResources(pool, everything(level), {}, contents)) {
      const known = seen.get(`${level} ${row.version}`);
      const now = JSON.stringify(row);
      if (known === undefined) seen.set(`${level} ${row.version}`, now);
      else expect(now).toBe(known);
    }
  }

  it('are other ones after every change', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        await emptyReadModels(session);
        for (const event of recorded(events)) {
          await project([event], session.execute);
          for (const level of LEVELS) await look(level);
        }
      }),
      { numRuns: 25 },
    );
    expect(seen.size).toBeGreaterThan(100);
  });

  it.each<[Page, Partial<Selection>]>([
    [{}, {}],
    [{ limit: 2 }, {}],
    [{ since: 1 }, {}],
    [{ since: 1, limit: 2 }, {}],
    [{ since: 5000 }, {}],
    [{}, { order: ['i.key DESC'] }],
    [{ since: 1 }, { order: ['i.key DESC'] }],
  ])('lists them in the order of the identifiers: %j %j', async (page, selection) => {
    await emptyReadModels(session);
    const [sample] = fc.sample(history, { numRuns: 1, seed: 7 });
    await project(recorded(sample!), session.execute);
    const of = (): Selection => ({ ...everything('Instance'), ...selection });
    const ids: string[] = [];
    for (const version of await readVersions(pool, of(), page)) {
      const [row] = await readResources(pool, withKeys('Instance', [keyOf(version)]), {}, { version: true });
      expect(row!.version).toBe(version);
      ids.push(row!.id);
    }
    expect(ids).toEqual(await readIdentifiers(pool, of(), page));
  });
});

const EVERYTHING = {
  mainTags: true,
  children: true,
  parent: true,
  status: true,
  stable: true,
  metadata: true,
  labels: true,
  details: true,
  file: true,
  attachments: true,
};
