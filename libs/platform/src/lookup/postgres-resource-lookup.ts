import type { Level, ResourceLookup } from '@annal/domain';
import type pg from 'pg';

/** Looks resources up in the live read models. */
export class PostgresResourceLookup implements ResourceLookup {
  constructor(private readonly pool: pg.Pool) {}

  async md5Of(instanceId: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ md5: string }>({
      name: 'instance-md5',
      text: 'SELECT md5 FROM instances WHERE id = $1',
      values: [instanceId],
    });
    return rows[0]?.md5;
  }

  async levelsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Level>> {
    const { rows } = await this.pool.query<{ id: string; level: Level }>({
      name: 'levels-of-resources',
      text: `SELECT id, 'Patient' AS level FROM patients WHERE id = ANY ($1)
        UNION ALL SELECT id, 'Study' FROM studies WHERE id = ANY ($1)
        UNION ALL SELECT id, 'Series' FROM series WHERE id = ANY ($1)
        UNION ALL SELECT id, 'Instance' FROM instances WHERE id = ANY ($1)`,
      values: [ids],
    });
    return new Map(rows.map(({ id, level }) => [id, level]));
  }
}
