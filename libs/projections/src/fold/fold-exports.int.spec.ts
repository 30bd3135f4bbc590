import { envelope, type EventEnvelope, type ExportRecorded, exportSubject, resourceIds } from '@annal/domain';
import { migrate, Session } from '@annal/platform';
import { project, readListedExports, type StatementRunner } from '@annal/projections';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { recorded } from '../../../../test/support/history.js';
import { emptyReadModels } from '../../../../test/support/archive-state.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { storedEvent, testContext } from '../../../../test/support/stored-event.js';

const NOW = new Date('2026-11-22T09:00:00.000Z');
const SAMPLE = { patient: 'P', study: '1', series: '1.1', instance: '1.1.1' };
const ids = resourceIds({
  patientId: 'P',
  studyInstanceUid: '1',
  seriesInstanceUid: '1.1',
  sopInstanceUid: '1.1.1',
});
const STUDY = { level: 'Study', id: ids.study, patient: ids.patient, study: ids.study } as const;
const SERIES = { ...STUDY, level: 'Series', id: ids.series, series: ids.series } as const;

function exported(id: string, data: Partial<ExportRecorded['data']> = {}, now = NOW): EventEnvelope {
  const defaults = { protocol: 'orthanc', destination: { kind: 'peer', name: 'b' }, outcome: 'pending' } as const;
  return envelope<ExportRecorded>(
    {
      type: 'annal.export.recorded.v1',
      data: { id, ...defaults, first: 0, resources: [STUDY], listed: true, ...data },
    },
    exportSubject(id),
    testContext(now),
  );
}
const cleared = (): EventEnvelope =>
  envelope({ type: 'annal.exports.cleared.v1', data: {} }, 'exports', testContext(NOW));
const deleted = (): EventEnvelope =>
  envelope(
    { type: 'annal.resource.deleted.v1', data: { level: 'Study', id: ids.study } },
    `studies/${ids.study}`,
    testContext(NOW),
  );

const anything = fc.array(
  fc.oneof(
    fc.constant('instance' as const),
    fc.constant('deleted' as const),
    fc.constant('cleared' as const),
    fc.record({
      id: fc.constantFrom('e1', 'e2', 'e3'),
      outcome: fc.constantFrom('pending', 'success', 'partial', 'failure', 'aborted', 'prepared', 'unknown'),
      instances: fc.option(fc.nat(9), { nil: undefined }),
      first: fc.nat(2),
      resources: fc.array(fc.constantFrom({ ...STUDY, instances: 9 }, SERIES, { id: 'gone' }), { maxLength: 3 }),
      arrived: fc.array(
        fc.record({ id: fc.constantFrom(STUDY.id, SERIES.id, 'gone', 'never'), instances: fc.nat(9) }),
        { maxLength: 2 },
      ),
      listed: fc.boolean(),
    }),
  ),
  { minLength: 1, maxLength: 16 },
);

describe('the fold of exports', () => {
  let database: TestDatabase;
  let session: Session;
  let runner: StatementRunner;
  let offset = -1;
  beforeAll(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    session = new Session(database.connection, 'test');
    runner = await session.connect();
  });
  afterAll(async () => {
    await session.reset();
    await database.close();
  });
  beforeEach(async () => {
    await emptyReadModels(session);
    offset = -1;
  });
  const fold = async (...events: readonly EventEnvelope[]): Promise<void> => {
    const all = events.map((event, index) => ({ ...event, position: { partition: 0, offset: offset + 1 + index } }));
    offset += all.length;
    await project(all, session.execute);
  };
  const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> => (await session.execute(sql))[0]!;
  const listed = async (): Promise<readonly (readonly unknown[])[]> =>
    (await readListedExports(runner, 0, 100)).map((row) => [row.seq, row.level, row.patientId, row.studyInstanceUid]);

  it('keeps who sent what where, and what became of it', async () => {
    await fold(exported('e', { destination: { kind: 'peer', name: 'b', address: 'http://b/' } }));
    const [first] = await rows('SELECT * FROM exports');
    expect(first).toMatchObject({
      key: 0,
      id: 'e',
      protocol: 'orthanc',
      kind: 'peer',
      name: 'b',
      address: 'http://b/',
      outcome: 'pending',
      actor: testContext(NOW).actor,
      begun_at: NOW.toISOString(),
    });
    const later = new Date(NOW.getTime() + 5000);
    const job = { ...exported('e', { resources: [], outcome: 'partial', instances: 2, failed: 1, bytes: 7 }, later) };
    await fold({ ...job, actor: { protocol: 'job' } });
    const [after] = await rows('SELECT * FROM exports');
    expect(after).toEqual({
      ...first,
      outcome: 'partial',
      instances: 2,
      failed: 1,
      bytes: 7,
      reported_at: later.toISOString(),
    });
  });

  it('takes nothing twice, and nothing after a success, whatever batch it comes in', async () => {
    await fold(exported('e'), exported('e'), exported('e', { outcome: 'success', instances: 3 }));
    await fold(exported('e', { outcome: 'failure' }), exported('e'));
    expect(await rows('SELECT outcome, instances FROM exports')).toEqual([{ outcome: 'success', instances: 3 }]);
    expect(await rows('SELECT place, resource_id FROM export_resources')).toEqual([
      { place: 0, resource_id: ids.study },
    ]);
    expect(await rows('SELECT seq FROM listed_exports')).toEqual([{ seq: 1 }]);
  });

  it('keeps how many instances of each resource were to be sent, and of those that arrived the most that was ever said', async () => {
    const named = { resources: [{ ...STUDY, instances: 5 }, SERIES, { ...STUDY, instances: 5 }] };
    const arrived = (instances: number): Partial<ExportRecorded['data']> => ({
      resources: [],
      instances,
      arrived: [{ id: STUDY.id, instances }],
    });
    await fold(exported('e', named), exported('e', arrived(2)));
    await fold(exported('e', { ...arrived(3), outcome: 'aborted' }), exported('e', arrived(1)));
    const counts = 'SELECT place, asked, arrived FROM export_resources ORDER BY place';
    expect(await rows(counts)).toEqual([
      { place: 0, asked: 5, arrived: 3 },
      { place: 1, asked: null, arrived: null },
      { place: 2, asked: 5, arrived: 3 },
    ]);
    // a late word of a process that was frozen
    await fold(exported('e', { ...arrived(4), outcome: 'pending' }));
    expect(await rows('SELECT outcome, instances FROM exports')).toEqual([{ outcome: 'aborted', instances: 4 }]);
  });

  it('lists each resource under the next number, and goes on counting when the list was cleared', async () => {
    await fold(storedEvent(SAMPLE), exported('e1', { resources: [STUDY, { id: 'gone' }, STUDY, SERIES] }));
    await fold(exported('e2', { listed: false }));
    expect((await listed()).map(([seq, level]) => [seq, level])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
    ]);
    await fold(cleared(), exported('e3'));
    expect(await listed()).toEqual([[4, 1, 'P', '1']]);
    expect(await rows('SELECT count(*) FROM exports')).toEqual([{ count: 3 }]);
  });

  it('says nothing of what was deleted but its identifier', async () => {
    await fold(storedEvent(SAMPLE), exported('e'));
    expect(await listed()).toEqual([[1, 1, 'P', '1']]);
    await fold(deleted());
    expect(await listed()).toEqual([[1, 1, '', '']]);
    expect((await readListedExports(runner, 0, 1))[0]!.id).toBe(ids.study);
  });

  it('makes equal tables of any split of a history into batches', async () => {
    await fc.assert(
      fc.asyncProperty(anything, fc.array(fc.nat(15), { maxLength: 4 }), async (steps, cuts) => {
        const events = recorded(
          steps.map((step, index) => {
            if (step === 'instance') return storedEvent(SAMPLE);
            if (step === 'deleted') return deleted();
            if (step === 'cleared') return cleared();
            return exported(step.id, step, new Date(NOW.getTime() + index * 1000));
          }),
        );
        await emptyReadModels(session);
        await project(events, session.execute);
        const whole = await dumpReadModels(session);
        await emptyReadModels(session);
        const at = [0, ...new Set(cuts.filter((cut) => cut > 0 && cut < events.length)), events.length].sort(
          (a, b) => a - b,
        );
        for (let i = 1; i < at.length; i++) await project(events.slice(at[i - 1], at[i]), session.execute);
        expect(await dumpReadModels(session)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});
