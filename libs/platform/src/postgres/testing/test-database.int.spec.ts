import pg from 'pg';
import { openTestDatabase } from './test-database.js';

describe('openTestDatabase', () => {
  it('gives every caller an empty database of its own', async () => {
    const first = await openTestDatabase();
    const second = await openTestDatabase();
    try {
      const client = new pg.Client(first.connection);
      await client.connect();
      await client.query('CREATE TABLE here (id int)');
      await client.end();
      const other = new pg.Client({ connectionString: second.url });
      await other.connect();
      const { rows } = await other.query("SELECT to_regclass('here') AS found");
      await other.end();
      expect(rows).toEqual([{ found: null }]);
    } finally {
      await first.close();
      await second.close();
    }
  });
});
