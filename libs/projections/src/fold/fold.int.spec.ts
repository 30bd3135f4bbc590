import { randomBytes } from 'node:crypto';
import { envelope, type EventEnvelope, type RecordedEvent, Skips } from '@annal/domain';
import { migrate, Session } from '@annal/platform';
import { erasedInstance, openClear, openClearValue, type OpenSealed, project } from '@annal/projections';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '../../../platform/src/postgres/testing/test-database.js';
import { history, notedHistory, recorded } from '../../../../test/support/history.js';
import { emptyReadModels, expectSums, stateOf } from '../../../../test/support/archive-state.js';
import { naiveArchive } from '../../../../test/support/naive-archive.js';
import { dumpReadModels } from '../../../../test/support/read-model-dump.js';
import { sends, sentAgain } from '../../../../test/support/repeated-sends.js';
import { storedEvent, testContext } from '../../../../test/support/stored-event.js';

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
        await emptyReadModels(session);
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
        await emptyReadModels(session);
        await project(all, session.execute);
        const atOnce = await dumpReadModels(session);
        await emptyReadModels(session);
        for (const batch of split(all, sizes)) await project(batch, session.execute);
        expect(await dumpReadModels(session)).toEqual(atOnce);
      }),
      { numRuns: 40 },
    );
  });

  it('does so for what is noted on resources, and makes equal tables of any split', async () => {
    await fc.assert(
      fc.asyncProperty(notedHistory, fc.array(fc.integer({ min: 1, max: 7 })), async (events, sizes) => {
        const all = recorded(events);
        await emptyReadModels(session);
        await project(all, session.execute);
        expect(await stateOf(session)).toEqual(naiveArchive(all));
        const atOnce = await dumpReadModels(session);
        await emptyReadModels(session);
        for (const batch of split(all, sizes)) await project(batch, session.execute);
        expect(await dumpReadModels(session)).toEqual(atOnce);
      }),
      { numRuns: 25 },
    );
  });

  it('makes equal tables of a batch that is too large for a text of SQL, whatever else is in it', async () => {
    const many = Array.from({ length: 150 }, (_, n) =>
      storedEvent({ patient: 'MANY', study: '9', series: '9.1', instance: `9.1.${n}` }),
    );
    await fc.assert(
      fc.asyncProperty(notedHistory, async (events) => {
        const all = recorded([...many, ...events]);
        await emptyReadModels(session);
        await project(all, session.execute);
        const atOnce = await dumpReadModels(session);
        await emptyReadModels(session);
        for (const batch of split(all, [7])) await project(batch, session.execute);
        expect(await dumpReadModels(session)).toEqual(atOnce);
      }),
      { numRuns: 3 },
    );
  });

  it('makes equal tables of any split also where keys and files are gone, which says nothing of who is there', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.array(fc.integer({ min: 1, max: 7 })), fc.nat(), async (events, sizes, seed) => {
        const all = recorded(events).map(sealedAgain);
        const open = openSome(seed);
        await emptyReadModels(session);
        await project(all, session.execute, { open });
        expect(await stateOf(session)).toEqual(naiveArchive(all));
        const atOnce = await dumpReadModels(session);
        await emptyReadModels(session);
        for (const batch of split(all, sizes)) await project(batch, session.execute, { open });
        expect(await dumpReadModels(session)).toEqual(atOnce);
        await expectFilledIn(session);
      }),
      { numRuns: 60 },
    );
  });

  it('counts what writers sent again once, however late it comes and however the log is cut into batches', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }));
    await fc.assert(
      fc.asyncProperty(history, sends, cuts, cuts, async (events, sent, sizes, otherSizes) => {
        const { log, firsts } = sentAgain(recorded(events), sent);
        await emptyReadModels(session);
        for (const batch of split(log, sizes)) await project(batch, session.execute);
        expect(await stateOf(session)).toEqual(naiveArchive(firsts));
        await expectSums(session);
        const tables = await dumpReadModels(session);
        await emptyReadModels(session);
        for (const batch of split(log, otherSizes)) await project(batch, session.execute);
        expect(await dumpReadModels(session)).toEqual(tables);
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 2, 3])('does not bring back what was deleted when its upload comes again (%i a batch)', async (size) => {
    const stored = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' });
    const { ids } = stored.data;
    const deletion = envelope(
      { type: 'annal.resource.deleted.v1', data: { level: 'Study', id: ids.study } },
      `studies/${ids.study}`,
      testContext(),
    );
    const [created, store, remove] = recorded([stored, deletion]).map((event, index) => ({
      ...event,
      writing: { writer: '7a0c1d4e-0000-4000-8000-000000000001', counter: index + 1 },
    })) as [RecordedEvent, RecordedEvent, RecordedEvent];
    await emptyReadModels(session);
    const log = [created, store, remove, { ...store, position: { partition: 0, offset: 3 } }];
    for (const batch of split(log, [size])) await project(batch, session.execute);
    const { feed, ...rest } = await stateOf(session);
    expect(feed).toHaveLength(8);
    expect(rest).toEqual({
      instances: [],
      series: [],
      studies: [],
      patients: [],
      size: 0,
      storedSize: 0,
      attachments: [],
      garbage: [stored.data.blob.key],
      annotations: {},
    });
  });

  it('passes over what an operator ruled out, by its place and identity', async () => {
    const [created, bad, other] = recorded([
      { ...storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' }), sealed: undefined },
      storedEvent({ patient: 'Q', study: '2', series: '2.1', instance: '2.1.1' }),
    ]) as [RecordedEvent, RecordedEvent, RecordedEvent];
    await emptyReadModels(session);
    const elsewhere = new Skips([
      { offset: 1, eventId: other.id },
      { offset: 2, eventId: bad.id },
    ]);
    const log = [created, bad, other];
    await expect(project(log, session.execute, { skipped: elsewhere })).rejects.toThrow(
      'InstanceStored carries no tags',
    );
    await project(log, session.execute, { skipped: new Skips([{ offset: 1, eventId: bad.id }]) });
    expect(await stateOf(session)).toEqual(naiveArchive([created, other]));
  });

  it('does not ask whether a repetition of what was ruled out can be folded', async () => {
    const bad = { ...storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' }), sealed: undefined };
    const writing = { writer: '7a0c1d4e-0000-4000-8000-000000000001', counter: 7 };
    const log = recorded([bad, bad]).map((event): RecordedEvent =>
      event.id === bad.id ? { ...event, writing } : event,
    );
    await emptyReadModels(session);
    await project(log, session.execute, { skipped: new Skips([{ offset: 1, eventId: bad.id }]) });
    const [[row] = []] = await session.execute('SELECT "offset" FROM folded_position');
    expect(row!.offset).toBe(2);
  });

  it('goes by the name that the first event gives to the log, not by that of a later one', async () => {
    const another: EventEnvelope = envelope(
      { type: 'annal.log.created.v1', data: { logId: '11111111-0000-7000-8000-000000000000' } },
      'log',
      testContext(),
    );
    await emptyReadModels(session);
    await project(recorded([another]), session.execute);
    const [[row] = []] = await session.execute('SELECT log_id FROM folded_position');
    expect(row!.log_id).toBe('00000000-0000-7000-8000-000000000000');
  });

  it('takes whatever text and number a file may carry', async () => {
    const long = randomBytes(9000).toString('base64');
    const tags = {
      Patient: { '00100010': `${long}é`, '00100020': long, '00100030': long },
      Study: { '00080020': long, '00080050': long, '00081030': long, '0020000d': long },
      Series: { '00080060': long, '0020000e': long },
      Instance: { '00080018': `${'𝄞'.repeat(649)}xyzé` },
    };
    const event = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1', tags });
    const opened = JSON.parse(Buffer.from(event.sealed!.tags!, 'base64').toString()) as object;
    const hostile = { ...opened, numberOfFrames: 9e11, expectedInstances: 2 ** 31, indexInSeries: long };
    const sealed = { ...event.sealed!, tags: Buffer.from(JSON.stringify(hostile)).toString('base64') };
    await emptyReadModels(session);
    await project(recorded([{ ...event, sealed }]), session.execute);
    const [[row] = []] = await session.execute(
      `SELECT p.main_tags->>'00100020' AS told, p.patient_id_n AS searched, i.sop_instance_uid AS uid,
        i.number_of_frames AS frames, s.expected_instances AS expected
        FROM patients p, series s, instances i`,
    );
    expect(row).toEqual({
      told: long,
      searched: long.toUpperCase().slice(0, 2600),
      uid: `${'𝄞'.repeat(649)}xyz`,
      frames: null,
      expected: null,
    });
  });

  it('leaves the read models of another release alone', async () => {
    const all = recorded([storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1.1.1' })]);
    await emptyReadModels(session);
    await session.execute('UPDATE folded_position SET version = version + 1');
    try {
      const before = await dumpReadModels(session);
      await expect(project(all, session.execute)).rejects.toMatchObject({ name: 'OtherReadModels' });
      expect(await dumpReadModels(session)).toEqual(before);
    } finally {
      await session.execute('UPDATE folded_position SET version = version - 1');
    }
  });

  it('skips what it has folded already', async () => {
    const [events] = fc.sample(history, { numRuns: 1, seed: 7 });
    const all = recorded(events!);
    await emptyReadModels(session);
    await project(all, session.execute);
    const once = await dumpReadModels(session);
    await project(all, session.execute);
    await project(all.slice(-1), session.execute);
    expect(await dumpReadModels(session)).toEqual(once);
  });

  it('refuses a gap', async () => {
    await emptyReadModels(session);
    const all = recorded(fc.sample(history, { numRuns: 1, seed: 8 })[0]!);
    await expect(project(all.slice(1), session.execute)).rejects.toThrow(/offset 1/);
  });

  it('keeps the totals equal to the sums', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        await emptyReadModels(session);
        await project(recorded(events), session.execute);
        await expectSums(session);
      }),
      { numRuns: 40 },
    );
  });
});

function split(events: readonly RecordedEvent[], sizes: readonly number[]): RecordedEvent[][] {
  const batches: RecordedEvent[][] = [];
  const rest = [...events];
  for (let i = 0; rest.length > 0; i++)
    batches.push(rest.splice(0, sizes[i % Math.max(1, sizes.length)] ?? rest.length));
  return batches;
}

const KEY = '01a1fe8a-0000-7000-8000-000000000001';

/** The same event, its tags behind a key. */
function sealedAgain(event: RecordedEvent): RecordedEvent {
  return event.sealed ? { ...event, sealed: { ...event.sealed, keyId: KEY, algorithm: 'aes-256-gcm' } } : event;
}

/** Opens what it would open with its key; of some events nothing is left, of some what they say of the patient. */
function openSome(seed: number): OpenSealed {
  return async (events) =>
    events.map(({ id, sealed }) => {
      if (sealed!.value !== undefined) return { ...openClearValue(sealed!), keyId: KEY };
      const opened = { ...openClear(sealed!), keyId: KEY };
      switch ((parseInt(id.slice(-4), 16) + seed) % 4) {
        case 0:
          return erasedInstance(null);
        case 1:
          return erasedInstance(KEY, { main: opened.tags.main.Patient });
        default:
          return opened;
      }
    });
}

/** Expects that nothing is blank of which an instance below says something, and that blank rows say nothing. */
async function expectFilledIn(session: Session): Promise<void> {
  const [[row] = []] = await session.execute(`SELECT
    (SELECT count(*) FROM series s JOIN instances i ON i.series_key = s.key WHERE s.blank AND NOT i.blank) +
    (SELECT count(*) FROM studies s JOIN series e ON e.study_key = s.key WHERE s.blank AND NOT e.blank
      AND EXISTS (SELECT 1 FROM instances i WHERE i.series_key = e.key AND NOT i.blank)) +
    (SELECT count(*) FROM series WHERE blank AND main_tags <> '{}') +
    (SELECT count(*) FROM series WHERE NOT blank AND series_instance_uid = '') AS wrong`);
  expect(row!.wrong).toBe(0);
}
