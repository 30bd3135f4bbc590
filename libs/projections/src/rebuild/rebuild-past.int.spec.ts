import { BEGINNING } from '@annal/domain';
import { Session } from '@annal/platform';
import { LIVE_SCHEMA, project, rebuildPast } from '@annal/projections';
import fc from 'fast-check';
import { emptyReadModels } from '../../../../test/support/archive-state.js';
import { history } from '../../../../test/support/history.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';

const TABLES = ['folded_position', 'patients', 'studies', 'series', 'instances', 'headers', 'changes', 'change_feed'];

describe('the index as it was', () => {
  let test: TestLog;
  let session: Session;
  beforeEach(async () => {
    test = await openTestLog();
    session = new Session(test.database.connection, 'rebuild', { schema: 'before', once: true });
  });
  afterEach(async () => {
    await session.reset();
    await test.close();
  });

  const dump = (schema?: string): Promise<unknown> =>
    test.session.execute(
      TABLES.map((table) => `SELECT * FROM ${schema === undefined ? '' : `${schema}.`}${table} ORDER BY 1`).join(';'),
    );
  const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 21, 14, 0, seconds));
  const store = (instance: number, seconds: number): ReturnType<typeof storedEvent> =>
    storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${instance}`, now: at(seconds) });

  it('at any position of any history is what was folded by then, and nothing else is touched', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), async (events, n) => {
        for (const event of events) await test.log.append([event]);
        const all = await test.log.read(BEGINNING, 100_000);
        const until = n % all.length;
        const live = await dumpReadModels(test.session);
        await rebuildPast(test.log, session.execute, 'before', until);
        expect(await dumpReadModels(test.session)).toEqual(live);
        const past = await dump('before');
        // the live tables stand in for an archive that had come no further
        await emptyReadModels(test.session);
        await project(all.slice(0, until + 1), test.session.execute);
        expect(past).toEqual(await dump());
        await emptyReadModels(test.session);
        await project(all, test.session.execute);
      }),
      { numRuns: 8 },
    );
  });

  it('has the indexes of the live tables', async () => {
    const indexes = (schema: string): Promise<unknown> =>
      test.session.execute(`SELECT replace(indexdef, ' ${schema}.', ' ') AS indexdef FROM pg_indexes
        WHERE schemaname = '${schema}' AND tablename IN ('patients', 'studies', 'series', 'instances') ORDER BY 1`);
    await rebuildPast(test.log, session.execute, 'before', 0);
    expect(await indexes('before')).toEqual(await indexes(LIVE_SCHEMA));
  });

  it('at a time has everything before the first event of a later time', async () => {
    for (const [instance, seconds] of [
      [1, 10],
      [2, 30],
      [3, 20],
      [4, 40],
    ] as const) {
      await test.log.append([store(instance, seconds)]);
    }
    const position = async (time: Date): Promise<number> =>
      (await rebuildPast(test.log, session.execute, 'before', time)).position.offset;
    expect(await position(at(0))).toBe(0);
    expect(await position(at(10))).toBe(1);
    // what was begun before, and stored after something later, is in the log after it
    expect(await position(at(29))).toBe(1);
    expect(await position(at(30))).toBe(3);
    expect(await position(at(39))).toBe(3);
    expect(await position(at(99))).toBe(4);
    await expect(position(new Date(0))).rejects.toThrow('The log begins later than that');
    const [rows] = await test.session.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'before'");
    expect(rows).toEqual([]);
  });

  it('replaces what was made before under the same name, also where that was broken off, and nothing of others', async () => {
    await test.log.append([store(1, 0)]);
    await test.log.append([store(2, 0)]);
    await rebuildPast(test.log, session.execute, 'before', 1);
    let left = 3;
    const dying = rebuildPast(
      test.log,
      (sql) => (left-- > 0 ? session.execute(sql) : Promise.reject(new Error('killed'))),
      'before',
      2,
    );
    await expect(dying).rejects.toThrow('killed');
    await session.reset();
    await rebuildPast(test.log, session.execute, 'before', 2);
    const [rows] = await test.session.execute('SELECT id FROM before.instances');
    expect(rows).toHaveLength(2);

    await test.session.execute('CREATE SCHEMA mine; CREATE TABLE mine.precious (id int)');
    const there = 'The schema mine is there, and not made by "annal rebuild --until"';
    await expect(rebuildPast(test.log, session.execute, 'mine', 1)).rejects.toThrow(there);
    await test.session.execute('SELECT id FROM mine.precious');
  });

  it.each(['annal_index', 'annal_index_rebuild', 'annal_index_2', 'annal_log', 'annal', 'pg_x', 'public'])(
    'is never made in %s',
    async (schema) => {
      await expect(rebuildPast(test.log, session.execute, schema, 0)).rejects.toMatchObject({ name: 'SchemaRefused' });
    },
  );

  it.each(['', 'A', 'a b', 'a;b', 'a-b', "a'", '1a', 'a'.repeat(64)])(
    'needs a plain name, not "%s"',
    async (schema) => {
      await expect(rebuildPast(test.log, session.execute, schema, 0)).rejects.toThrow('is no name for a schema');
    },
  );

  it('is not made beyond the end of the log', async () => {
    await expect(rebuildPast(test.log, session.execute, 'before', 1)).rejects.toThrow(
      'There is no position 1 yet: the log ends at 0',
    );
  });

  it('is for looking: nothing can be folded into it', async () => {
    await rebuildPast(test.log, session.execute, 'before', 0);
    const [[row] = []] = await test.session.execute(
      `SELECT (SELECT count(*) FROM pg_proc WHERE pronamespace = 'before'::regnamespace) AS functions,
        obj_description('before'::regnamespace, 'pg_namespace') AS comment`,
    );
    expect(row).toEqual({
      functions: 0,
      comment: expect.stringMatching(
        /^annal rebuild --until: the index as it was at position 0 \(.*\), for looking only$/,
      ) as string,
    });
  });
});
