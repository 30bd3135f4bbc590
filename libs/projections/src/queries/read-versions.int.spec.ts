import pg from 'pg';
import { clientConfig } from '../../../platform/src/postgres/connection.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { everything, readIdentifiers, readInBatches, TooManyRows } from './read-resources.js';
import type { Page, Selection } from './selection.js';

const COUNT = 2345;

describe('reading in batches', () => {
  let test: TestLog;
  let pool: pg.Pool;
  beforeAll(async () => {
    test = await openTestLog();
    pool = new pg.Pool(clientConfig(test.database.connection, 'test'));
    const events = Array.from({ length: COUNT }, (_, i) =>
      storedEvent({ patient: 'P', study: '1', series: `1.${i % 3}`, instance: `1.${i % 3}.${i}` }),
    );
    await Promise.all(events.map((event) => test.log.submit([event])));
  });
  afterAll(async () => {
    await pool.end();
    await test.close();
  });

  async function read(selection: Selection, page: Page, maximum = 5000): Promise<{ ids: string[]; batches: number }> {
    const ids: string[] = [];
    let batches = 0;
    for await (const rows of readInBatches(pool, selection, page, { parent: true }, maximum)) {
      ids.push(...rows.map(({ id }) => id));
      batches += 1;
    }
    return { ids, batches };
  }

  it.each([
    [{}, 24],
    [{ limit: 10 }, 1],
    [{ limit: 100 }, 1],
    [{ limit: 101 }, 2],
    [{ limit: 2000 }, 20],
    [{ limit: 5_000_000 }, 24],
    [{ since: 345 }, 21],
    [{ since: 1345, limit: 1500 }, 11],
    [{ since: 5000 }, 1],
  ])('gives the same as reading at once: %j', async (page, batches) => {
    const found = await read(everything('Instance'), page);
    expect(found.ids).toEqual(await readIdentifiers(pool, everything('Instance'), page));
    expect(found.batches).toBe(batches);
  });

  it.each([
    [{}, 2344],
    [{ since: 100 }, 2244],
    [{ limit: 2000 }, 1999],
    [{ limit: 900 }, 899],
  ])('gives nothing out where there is more than may be asked for: %j', async (page, maximum) => {
    await expect(read(everything('Instance'), page, maximum)).rejects.toThrow(TooManyRows);
    expect((await read(everything('Instance'), page, maximum + 1)).ids).toHaveLength(maximum + 1);
  });

  it('keeps an order of its own', async () => {
    const backwards = (): Selection => ({ ...everything('Instance'), order: ['i.key DESC'] });
    const { ids, batches } = await read(backwards(), {});
    expect(ids).toEqual(await readIdentifiers(pool, backwards(), {}));
    expect(batches).toBe(1);
  });
});
