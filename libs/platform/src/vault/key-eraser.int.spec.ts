import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { FilesystemBlobStore } from '../blobs/filesystem-blob-store.js';
import { openPool } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';
import { applyMarks, writeMark } from './destruction-mark.js';
import { KeyEraser } from './key-eraser.js';
import { KeyStore } from './key-store.js';
import { MasterKeys } from './master-keys.js';

describe('the eraser of keys', () => {
  let test: TestLog;
  let pool: ReturnType<typeof openPool>;
  let store: KeyStore;
  let root: string;
  let blobs: FilesystemBlobStore;
  let eraser: KeyEraser;
  beforeEach(async () => {
    test = await openTestLog();
    pool = openPool(test.database.connection, 'test', 2);
    store = new KeyStore(test.database.connection, new MasterKeys([]));
    root = await mkdtemp(join(tmpdir(), 'annal-marks-'));
    blobs = new FilesystemBlobStore(root, false);
    eraser = new KeyEraser(
      pool,
      test.log,
      blobs,
      0,
      () => undefined,
      async () => undefined,
    );
  });
  afterEach(async () => {
    await Promise.all([store.close(), blobs.close(), pool.end()]);
    await test.close();
    await rm(root, { recursive: true });
  });

  const removed = (study: string, patient: string, patientRemoved: boolean): Promise<unknown> =>
    test.session.execute(`INSERT INTO removed_studies VALUES ('${study}', '${patient}', ${patientRemoved})`);
  const keys = async (): Promise<unknown> => {
    const [rows = []] = await test.session.execute(
      `SELECT study_id AS study, secret IS NOT NULL AS whole FROM annal_vault.study_keys ORDER BY study_id`,
    );
    return rows.map(({ study, whole }) => `${String(study)} ${whole ? 'whole' : 'patient'}`);
  };
  const patients = async (): Promise<number> =>
    (await test.session.execute('SELECT 1 FROM annal_vault.patient_keys'))[0]!.length;
  const erase = async (): Promise<void> => {
    await eraser.retire();
    while ((await eraser.destroy()) > 0);
  };

  it('takes all keys of a patient who is removed, also of studies that were never folded', async () => {
    await store.active(['S1', 'S2'].map((study) => ({ study, patient: 'P' })));
    await store.active([{ study: 'T', patient: 'Q' }]);
    await removed('S1', 'P', true);
    await erase();
    expect(await keys()).toEqual(['T whole']);
    expect(await patients()).toBe(1);
  });

  it('leaves what rows were folded with, keeps the part about a patient as long as he is shown so, and no longer', async () => {
    const event = storedEvent({ patient: 'P', study: '1', series: '2', instance: '3' });
    const { patient, study } = event.data.ids;
    const made = await store.active([
      { study, patient },
      { study: 'gone', patient },
    ]);
    await test.log.append([event]);
    await test.session.execute(`UPDATE instances SET key_id = '${made.get(study)!.id}';
      UPDATE patients SET key_id = '${made.get('gone')!.id}'`);
    await removed(study, patient, false);
    await removed('gone', patient, false);
    await erase();
    expect(await keys()).toEqual([`${study} whole`, 'gone patient'].sort());
    // looked at again only when he is removed
    await test.session.execute('UPDATE patients SET key_id = NULL');
    await erase();
    expect(await keys()).toEqual([`${study} whole`, 'gone patient'].sort());
    await test.session.execute('UPDATE instances SET key_id = NULL');
    await removed(study, patient, true);
    await erase();
    expect(await keys()).toEqual([]);
    expect(await patients()).toBe(0);
  });

  it('leaves what metadata were sealed with as long as they are there: of a patient the part about him', async () => {
    const event = storedEvent({ patient: 'P', study: '1', series: '2', instance: '3' });
    const { patient, study } = event.data.ids;
    await test.log.append([event]);
    for (const table of ['studies', 'series', 'instances', 'patients']) {
      const made = await store.active([{ study: table === 'patients' ? 'gone' : study, patient }]);
      const { id } = [...made.values()][0]!;
      const noted = JSON.stringify({ 1024: { value: 'x', revision: 0, position: 1, key: id } });
      await test.session.execute(`UPDATE ${table} SET user_metadata = '${noted}'`);
      await removed(table === 'patients' ? 'gone' : study, patient, false);
      await erase();
      expect(await keys()).toEqual([table === 'patients' ? 'gone patient' : `${study} whole`]);
      await test.session.execute(`UPDATE ${table} SET user_metadata = '{}'`);
      await removed('other', patient, table === 'patients');
      await erase();
      expect(await keys()).toEqual([]);
    }
  });

  it('waits until the fold has passed what was in the log, also where the log never stops to grow', async () => {
    await store.active([{ study: 'S', patient: 'P' }]);
    await removed('S', 'P', true);
    await eraser.retire();
    let end = 10;
    const growing = { ...test.log, end: async () => ({ partition: 0, offset: end++ }) };
    const behind = new KeyEraser(
      pool,
      growing,
      blobs,
      0,
      () => undefined,
      async () => undefined,
    );
    expect(await behind.destroy()).toBe(0);
    await test.session.execute('UPDATE folded_position SET "offset" = 9');
    expect(await behind.destroy()).toBe(0);
    await test.session.execute('UPDATE folded_position SET "offset" = 10');
    expect(await behind.destroy()).toBeGreaterThan(0);
    expect(await keys()).toEqual([]);
  });

  it('takes keys of uploads that came to nothing after a day', async () => {
    await store.active([{ study: 'S', patient: 'P' }]);
    await eraser.retireUnused();
    await erase();
    expect(await keys()).toEqual(['S whole']);
    await test.session.execute(`UPDATE annal_vault.study_keys SET created_at = now() - interval '25 hours';
      UPDATE annal_vault.patient_keys SET created_at = now() - interval '25 hours'`);
    await eraser.retireUnused();
    await erase();
    expect(await keys()).toEqual([]);
    expect(await patients()).toBe(0);
  });

  it('takes keys that remotes were sealed with once these are set anew or removed', async () => {
    const [kept, replaced] = [uuidv7(), uuidv7()];
    for (const key of [kept, replaced]) await store.jobs.seal(key, 'event', '{}');
    await test.session.execute(`INSERT INTO remotes VALUES ('peer', '', 'x', 'event', '${kept}', '{}')`);
    await erase();
    const [rows = []] = await test.session.execute('SELECT id FROM annal_vault.job_keys');
    expect(rows).toEqual([{ id: kept }]);
  });

  it('leaves marks that destroy what a backup brings back, for all who start at once', async () => {
    const made = await store.active(['S1', 'S2', 'S3'].map((study) => ({ study, patient: 'P' })));
    const [one, two] = ['S1', 'S2'].map((study) => made.get(study)!.id);
    for (let i = 0; i < 1200; i++) await writeMark(blobs, uuidv7(), { keys: [uuidv7()], studyParts: [], patients: [] });
    await writeMark(blobs, uuidv7(), { keys: [one!], studyParts: [two!], patients: [] });
    await writeFile(join(root, 'marks', uuidv7()), '{"keys":["cut o');
    const sessions = Array.from({ length: 4 }, () => new Session(test.database.connection, 'starting'));
    const counts = await Promise.all(sessions.map((session) => applyMarks(session.execute, blobs)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await keys()).toEqual(['S2 patient', 'S3 whole']);
    // what is left of it seals nothing any more
    const again = await store.active([{ study: 'S2', patient: 'P' }]);
    expect(again.get('S2')!.id).not.toBe(two);
    expect(await Promise.all(sessions.map((session) => applyMarks(session.execute, blobs)))).toEqual([0, 0, 0, 0]);
    await Promise.all(sessions.map((session) => session.reset()));
  });
});
