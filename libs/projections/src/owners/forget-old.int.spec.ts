import { openPool } from '@annal/platform';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { forgetOld } from './forget-old.js';

describe('what is forgotten', () => {
  let test: TestLog;
  let pool: pg.Pool;
  beforeEach(async () => {
    test = await openTestLog();
    pool = openPool(test.database.connection, 'test', 4);
  });
  afterEach(async () => {
    await pool.end();
    await test.close();
  });

  it('are outcomes of events and reservations of storage after an hour, not before', async () => {
    for (const minutes of [0, 59, 61]) {
      const values = [uuidv7(), minutes];
      await pool.query(`INSERT INTO outcomes VALUES ($1, to_json($2::int), now() - make_interval(mins => $2))`, values);
      await pool.query(`INSERT INTO reservations VALUES ($1, $2::int, 'P', now() - make_interval(mins => $2))`, values);
    }
    await forgetOld(pool);
    const left = async (column: string, table: string): Promise<unknown> =>
      (await pool.query(`SELECT ${column} AS minutes FROM ${table} ORDER BY at DESC`)).rows;
    expect(await left('outcome', 'outcomes')).toEqual([{ minutes: 0 }, { minutes: 59 }]);
    expect(await left('bytes', 'reservations')).toEqual([{ minutes: 0 }, { minutes: 59 }]);
  });
});
