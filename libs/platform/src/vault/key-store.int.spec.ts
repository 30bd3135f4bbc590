import { randomBytes } from 'node:crypto';
import { openTestDatabase, type TestDatabase } from '../postgres/testing/test-database.js';
import { migrate } from '../postgres/migrate.js';
import { Session } from '../postgres/session.js';
import { KeyStore } from './key-store.js';
import { MasterKeys } from './master-keys.js';
import type { StudyKeys } from './personal-part.js';

const STUDIES = Array.from({ length: 60 }, (_, n) => ({ study: `S${n}`, patient: `P${n % 7}` }));
/** Keys by what they are known by, as bytes. */
function exported(keys: ReadonlyMap<string, StudyKeys>): Record<string, string> {
  return Object.fromEntries(
    [...keys].map(([name, { id, study, patient }]) => [
      name,
      `${id} ${study?.export().toString('hex') ?? 'none'} ${patient.export().toString('hex')}`,
    ]),
  );
}
const master = (id: string): { id: string; secret: Buffer } => ({ id, secret: randomBytes(32) });

describe('the keys of studies', () => {
  let database: TestDatabase;
  let session: Session;
  const stores: KeyStore[] = [];
  beforeEach(async () => {
    database = await openTestDatabase();
    await migrate(database.connection);
    session = new Session(database.connection, 'test');
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await session.reset();
    await database.close();
  });

  const store = (...keys: readonly { id: string; secret: Buffer }[]): KeyStore => {
    const made = new KeyStore(database.connection, new MasterKeys(keys));
    stores.push(made);
    return made;
  };

  it('are the same for all who ask at once, one a study, under one of its patient', async () => {
    const asked = await Promise.all(Array.from({ length: 6 }, () => store().active(STUDIES)));
    for (const keys of asked) expect(exported(keys)).toEqual(exported(asked[0]!));
    expect(new Set([...asked[0]!.values()].map(({ id }) => id)).size).toBe(60);
    const [[counts] = []] = await session.execute(
      'SELECT (SELECT count(*) FROM annal_vault.study_keys) AS studies, (SELECT count(*) FROM annal_vault.patient_keys) AS patients',
    );
    expect(counts).toEqual({ studies: 60, patients: 7 });
    const byId = await store().byId([...asked[0]!.values()].map(({ id }) => id));
    expect(exported(byId)).toEqual(exported(new Map([...asked[0]!.values()].map((keys) => [keys.id, keys]))));
  });

  it('are others once they are retired, and those can still be looked up', async () => {
    const [one] = STUDIES;
    const before = (await store().active([one!])).get('S0')!;
    await session.execute(
      'UPDATE annal_vault.study_keys SET retired_at = now(); UPDATE annal_vault.patient_keys SET retired_at = now()',
    );
    const after = (await store().active([one!])).get('S0')!;
    expect(after.id).not.toBe(before.id);
    expect(after.study.equals(before.study)).toBe(false);
    expect(exported(await store().byId([before.id]))).toEqual(exported(new Map([[before.id, before]])));
    await session.execute(`UPDATE annal_vault.study_keys SET secret = NULL WHERE id = '${before.id}'`);
    const left = { id: before.id, patient: before.patient };
    expect(exported(await store().byId([before.id]))).toEqual(exported(new Map([[before.id, left]])));
  });

  it('are of no use in the database without the master key that wraps them', async () => {
    const [first, second] = [master('2026'), master('2027')];
    const keys = await store(first).active(STUDIES);
    const ids = [...keys.values()].map(({ id }) => id);
    await store(first).check();
    await store(second, first).check();
    await expect(store(second).check()).rejects.toThrow(
      'Annal.Vault.MasterKeys: keys of patients are wrapped by the key "2026", which is not there',
    );
    await expect(store({ ...second, id: '2026' }).check()).rejects.toThrow('which is not the one that is configured');
    await expect(store().byId(ids)).rejects.toThrow('not configured');
    const [rows = []] = await session.execute(
      'SELECT secret FROM annal_vault.patient_keys UNION ALL SELECT secret FROM annal_vault.study_keys',
    );
    const stored = Buffer.concat(rows.map(({ secret }) => secret as Buffer));
    for (const { study, patient } of keys.values()) {
      expect(stored.includes(study.export())).toBe(false);
      expect(stored.includes(patient.export())).toBe(false);
    }
  });

  it('are wrapped with a new master key, also those that none wrapped, and stay the same', async () => {
    const [first, second] = [master('2026'), master('2027')];
    const keys = await store().active(STUDIES.slice(0, 30));
    for (const masters of [[first], [second, first]]) {
      const rewrapping = store(...masters);
      expect(await rewrapping.rewrap()).toBe(7);
      expect(await rewrapping.rewrap()).toBe(0);
    }
    await store(second).check();
    expect(exported(await store(second).active(STUDIES.slice(0, 30)))).toEqual(exported(keys));
  });
});
