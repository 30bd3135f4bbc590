import type { RecordedEvent } from '@annal/domain';
import { migrate, Session } from '@annal/platform';
import { changeTypeName, project } from '@annal/projections';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { history, recorded } from '../../../../test/support/history.js';
import { naiveArchive, type NaiveState } from '../../../../test/support/naive-archive.js';

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
        await empty(session);
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
        await empty(session);
        await project(all, session.execute);
        const atOnce = await dump(session);
        await empty(session);
        for (const batch of split(all, sizes)) await project(batch, session.execute);
        expect(await dump(session)).toEqual(atOnce);
      }),
      { numRuns: 40 },
    );
  });

  it('skips what it has folded already', async () => {
    const [events] = fc.sample(history, { numRuns: 1, seed: 7 });
    const all = recorded(events!);
    await empty(session);
    await project(all, session.execute);
    const once = await dump(session);
    await project(all, session.execute);
    await project(all.slice(-1), session.execute);
    expect(await dump(session)).toEqual(once);
  });

  it('refuses a gap', async () => {
    await empty(session);
    const all = recorded(fc.sample(history, { numRuns: 1, seed: 8 })[0]!);
    await expect(project(all.slice(1), session.execute)).rejects.toThrow(/offset 1/);
  });

  it('keeps the totals equal to the sums', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        await empty(session);
        await project(recorded(events), session.execute);
        const [[counted] = []] = await session.execute(`
          SELECT (SELECT count(*) FROM patients) AS patients, (SELECT count(*) FROM studies) AS studies,
            (SELECT count(*) FROM series) AS series, count(*) AS instances,
            coalesce(sum(size), 0)::bigint AS size, coalesce(sum(stored_size), 0)::bigint AS stored_size FROM instances`);
        const [[totals] = []] = await session.execute(
          'SELECT patients, studies, series, instances, size, stored_size FROM folded_position',
        );
        expect(totals).toEqual(counted);
        const [wrong = []] = await session.execute(`
          SELECT p.id FROM patients p JOIN LATERAL (
            SELECT count(DISTINCT st.key) AS studies, count(DISTINCT se.key) AS series, count(i.key) AS instances,
              sum(i.size) AS size FROM studies st JOIN series se ON se.study_key = st.key
              JOIN instances i ON i.series_key = se.key WHERE st.patient_key = p.key) counted ON true
          WHERE (p.studies_count, p.series_count, p.instances_count, p.size)
            IS DISTINCT FROM (counted.studies, counted.series, counted.instances, counted.size)`);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

async function empty(session: Session): Promise<void> {
  await session.execute(`TRUNCATE patients, studies, series, instances, headers, changes, change_feed, blob_garbage, outcomes;
    UPDATE folded_position SET "offset" = -1, change_seq = 0, cleared_seq = 0, log_id = NULL, patients = 0, studies = 0,
      series = 0, instances = 0, size = 0, stored_size = 0`);
}

async function dump(session: Session): Promise<unknown> {
  const results = await session.execute(TABLES.map((table) => `SELECT * FROM ${table} ORDER BY 1`).join(';'));
  const [garbage] = await session.execute('SELECT key, instance_id, position FROM blob_garbage ORDER BY key');
  return [...results, garbage];
}

async function stateOf(session: Session): Promise<NaiveState> {
  const list = async (table: string): Promise<string[]> =>
    (await session.execute(`SELECT id FROM ${table} ORDER BY key`))[0]!.map(({ id }) => id as string);
  const [feed = []] = await session.execute('SELECT seq, type, resource_id FROM change_feed ORDER BY seq');
  const [garbage = []] = await session.execute('SELECT key FROM blob_garbage');
  const [[total] = []] = await session.execute('SELECT size FROM folded_position');
  return {
    instances: await list('instances'),
    series: await list('series'),
    studies: await list('studies'),
    patients: await list('patients'),
    size: total!.size as number,
    feed: feed.map(
      ({ seq, type, resource_id }) => `${String(seq)} ${changeTypeName(type as number)} ${String(resource_id)}`,
    ),
    garbage: garbage.map(({ key }) => key as string).sort(),
  };
}

function split(events: readonly RecordedEvent[], sizes: readonly number[]): RecordedEvent[][] {
  const batches: RecordedEvent[][] = [];
  const rest = [...events];
  for (let i = 0; rest.length > 0; i++)
    batches.push(rest.splice(0, sizes[i % Math.max(1, sizes.length)] ?? rest.length));
  return batches;
}
