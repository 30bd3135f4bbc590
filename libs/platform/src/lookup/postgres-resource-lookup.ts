import type { Level, ResourceLine, ResourceLookup } from '@annal/domain';
import type pg from 'pg';
import { GroupCommit } from '../log/group-commit.js';

/** Looks resources up in the live read models. */
export class PostgresResourceLookup implements ResourceLookup {
  private readonly md5s: GroupCommit<string, string | undefined>;

  constructor(private readonly pool: pg.Pool) {
    // what is asked while a query is under way is asked together by the next one
    this.md5s = new GroupCommit((ids) => this.md5sOf(ids), { items: 500, bytes: Infinity });
  }

  md5Of(instanceId: string): Promise<string | undefined> {
    return this.md5s.submit(instanceId, 1, 0);
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

  async linesOf(ids: readonly string[]): Promise<ReadonlyMap<string, ResourceLine>> {
    const { rows } = await this.pool.query<Record<keyof ResourceLine, string | null>>({
      name: 'lines-of-resources',
      text: `SELECT 'Patient' AS level, id, id AS patient, NULL AS study, NULL AS series FROM patients WHERE id = ANY ($1)
        UNION ALL SELECT 'Study', id, parent_id, id, NULL FROM studies WHERE id = ANY ($1)
        UNION ALL SELECT 'Series', s.id, t.parent_id, t.id, s.id FROM series s JOIN studies t ON t.key = s.study_key
          WHERE s.id = ANY ($1)
        UNION ALL SELECT 'Instance', i.id, t.parent_id, t.id, s.id FROM instances i JOIN series s ON s.key = i.series_key
          JOIN studies t ON t.key = s.study_key WHERE i.id = ANY ($1)`,
      values: [ids],
    });
    return new Map(
      rows.map(({ level, id, patient, study, series }) => [
        id!,
        { level: level as Level, id: id!, patient: patient!, ...(study && { study }), ...(series && { series }) },
      ]),
    );
  }

  private async md5sOf(ids: readonly string[]): Promise<(string | undefined)[]> {
    const { rows } = await this.pool.query<{ id: string; md5: string }>({
      name: 'instance-md5s',
      text: 'SELECT id, md5 FROM instances WHERE id = ANY ($1)',
      values: [ids],
    });
    const found = new Map(rows.map(({ id, md5 }) => [id, md5]));
    return ids.map((id) => found.get(id));
  }
}
