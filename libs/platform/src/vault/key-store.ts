import { createSecretKey, type KeyObject } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { DatabaseConfig, SessionSettings } from '../postgres/connection.js';
import { ASKED_BY_KEY } from '../postgres/asked-by-key.js';
import { Session } from '../postgres/session.js';
import { CannotOpen, newKey, seal, unseal } from './cipher.js';
import { JobKeys } from './job-keys.js';
import type { MasterKeys } from './master-keys.js';
import type { StudyKeys } from './personal-part.js';

/** A study and its patient, by Orthanc identifier. */
export interface StudyOfPatient {
  readonly study: string;
  readonly patient: string;
}

interface KeyRow {
  readonly id: string;
  readonly study_id: string;
  readonly secret: Buffer | null;
  readonly patient_secret: Buffer;
  readonly wrapping_id: string;
  readonly wrapping_secret: Buffer;
  readonly master_key: string | null;
}

const COLUMNS = `s.id, s.study_id, s.secret, s.patient_secret, p.id AS wrapping_id, p.secret AS wrapping_secret, p.master_key`;
const JOINED = 'annal_vault.study_keys s JOIN annal_vault.patient_keys p ON p.id = s.patient_key';
/** Whoever makes the same keys at the same time, or retires them, is faster a few times at most. */
const ATTEMPTS = 10;
const REWRAPPED_AT_ONCE = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The keys of patients, studies and jobs in the database's schema `annal_vault`. */
export class KeyStore {
  private readonly session: Session;
  /** Those of jobs. */
  readonly jobs: JobKeys;

  /**
   * @param settings of the connection
   * @param memory for how long keys of jobs are remembered, ms
   */
  constructor(
    database: DatabaseConfig,
    private readonly masterKeys: MasterKeys,
    settings: SessionSettings = {},
    memory = 0,
  ) {
    this.session = new Session(database, 'vault', { settings: { ...ASKED_BY_KEY, ...settings } });
    this.jobs = new JobKeys(this.session, masterKeys, memory);
  }

  /** The keys to seal with by study; made where there are none. */
  async active(studies: readonly StudyOfPatient[]): Promise<ReadonlyMap<string, Required<StudyKeys>>> {
    const found = new Map<string, Required<StudyKeys>>();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const missing = studies.filter(({ study }) => !found.has(study));
      for (const [study, keys] of await this.activeNow(missing.map(({ study }) => study))) found.set(study, keys);
      const unknown = missing.filter(({ study }) => !found.has(study));
      if (unknown.length === 0) return found;
      for (const [study, keys] of await this.make(unknown)) found.set(study, keys);
      if (studies.every(({ study }) => found.has(study))) return found;
    }
    throw new Error('The key of a study was retired again and again while it was asked for');
  }

  /** The keys by their identifier, of those that are there and can be unwrapped. */
  async byId(ids: readonly string[]): Promise<ReadonlyMap<string, StudyKeys>> {
    const rows = await this.query<KeyRow>(
      'vault_by_id',
      `SELECT ${COLUMNS} FROM ${JOINED} WHERE s.id = ANY ($1::uuid[])`,
      [ids.filter((id) => UUID.test(id))],
    );
    const found = new Map<string, StudyKeys>();
    for (const row of rows) {
      try {
        found.set(row.id, this.unwrap(row));
      } catch (error) {
        // a damaged one is none, and no reason to leave out the others
        if (!(error instanceof CannotOpen)) throw error;
      }
    }
    return found;
  }

  /**
   * Makes sure that the vault can be opened.
   * @throws Error that names the master key to configure
   */
  async check(): Promise<void> {
    const rows = await this.query<{ id: string; master_key: string | null; secret: Buffer }>(
      'vault_check',
      `SELECT DISTINCT ON (master_key) id, master_key, secret FROM (
        SELECT DISTINCT ON (master_key) id, master_key, secret FROM annal_vault.patient_keys
        UNION ALL SELECT DISTINCT ON (master_key) id, master_key, secret FROM annal_vault.job_keys) k ORDER BY master_key`,
      [],
    );
    for (const { id, master_key: masterKey, secret } of rows) {
      try {
        this.masterKeys.unwrap(id, { masterKey, secret });
      } catch (error) {
        const wrong = error instanceof CannotOpen ? 'is not the one that is configured by this name' : 'is not there';
        throw new Error(
          `Annal.Vault.MasterKeys: keys of patients are wrapped by the key "${String(masterKey)}", which ${wrong}. ` +
            'Put it back; the first key of the list wraps, the others only unwrap',
          { cause: error },
        );
      }
    }
  }

  /** Wraps some keys with the current master key that are not yet; resolves with how many. */
  async rewrap(): Promise<number> {
    const { first } = this.masterKeys;
    if (first === null) return 0;
    let rewrapped = 0;
    for (const table of ['patient_keys', 'job_keys'] as const) rewrapped += await this.rewrapSome(table, first);
    return rewrapped;
  }

  private async rewrapSome(table: 'patient_keys' | 'job_keys', first: string): Promise<number> {
    const rows = await this.query<{ id: string; master_key: string | null; secret: Buffer }>(
      `vault_other_master_${table}`,
      `SELECT id, master_key, secret FROM annal_vault.${table}
        WHERE master_key IS DISTINCT FROM $1 LIMIT ${REWRAPPED_AT_ONCE}`,
      [first],
    );
    if (rows.length === 0) return 0;
    const wrapped = rows.map(({ id, master_key: masterKey, secret }) => ({
      id,
      secret: hex(this.masterKeys.wrap(id, this.masterKeys.unwrap(id, { masterKey, secret })).secret),
    }));
    await this.query(
      `vault_rewrap_${table}`,
      `UPDATE annal_vault.${table} p SET master_key = $1, secret = r.secret
        FROM json_to_recordset($2::json) AS r(id uuid, secret bytea)
        WHERE p.id = r.id AND p.master_key IS DISTINCT FROM $1`,
      [first, JSON.stringify(wrapped)],
    );
    return rows.length;
  }

  /** What keys are known from; another one, or none, once the database was away and may have lost what was made last. */
  get connection(): object | undefined {
    return this.session.connection;
  }

  /** Closes the connection. */
  close(): Promise<void> {
    return this.session.reset();
  }

  private async activeNow(studies: readonly string[]): Promise<readonly (readonly [string, Required<StudyKeys>])[]> {
    const rows = await this.query<KeyRow>(
      'vault_active',
      `SELECT ${COLUMNS} FROM ${JOINED} WHERE s.study_id = ANY ($1::text[]) AND s.retired_at IS NULL AND s.secret IS NOT NULL`,
      [studies],
    );
    return rows.map((row) => [row.study_id, this.unwrap(row) as Required<StudyKeys>] as const);
  }

  /** Makes keys of studies under their patients' keys; those that others were faster with are not among the result. */
  private async make(studies: readonly StudyOfPatient[]): Promise<readonly (readonly [string, Required<StudyKeys>])[]> {
    const patients = await this.patientKeys([...new Set(studies.map(({ patient }) => patient))]);
    const made = new Map<string, { readonly row: object; readonly keys: Required<StudyKeys> }>();
    for (const { study, patient } of studies) {
      const wrapping = patients.get(patient);
      if (!wrapping) continue;
      const keys = { id: uuidv7(), study: newKey(), patient: newKey() };
      const row = {
        id: keys.id,
        study_id: study,
        patient_key: wrapping.id,
        secret: hex(seal(wrapping.key, `study key ${keys.id}`, keys.study.export())),
        patient_secret: hex(seal(wrapping.key, `patient part key ${keys.id}`, keys.patient.export())),
      };
      made.set(study, { row, keys });
    }
    // a patient's key that was destroyed meanwhile takes no studies' keys
    const rows = await this.query<{ study_id: string }>(
      'vault_make_studies',
      `INSERT INTO annal_vault.study_keys (id, study_id, patient_key, secret, patient_secret)
        SELECT r.id, r.study_id, r.patient_key, r.secret, r.patient_secret
        FROM json_to_recordset($1::json) AS r(id uuid, study_id text, patient_key uuid, secret bytea, patient_secret bytea)
        JOIN annal_vault.patient_keys p ON p.id = r.patient_key
        ON CONFLICT (study_id) WHERE retired_at IS NULL DO NOTHING RETURNING study_id`,
      [JSON.stringify([...made.values()].map(({ row }) => row))],
    );
    return rows.map(({ study_id }) => [study_id, made.get(study_id)!.keys] as const);
  }

  /** The active keys of patients, made where there are none; those that others make at this moment may be missing. */
  private async patientKeys(
    patients: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly id: string; readonly key: KeyObject }>> {
    const candidates = patients.map((patient) => {
      const id = uuidv7();
      const { masterKey, secret } = this.masterKeys.wrap(id, newKey());
      return { id, patient_id: patient, master_key: masterKey, secret: hex(secret) };
    });
    const rows = await this.query<{ id: string; patient_id: string; master_key: string | null; secret: Buffer }>(
      'vault_make_patients',
      `WITH made AS (
          INSERT INTO annal_vault.patient_keys (id, patient_id, master_key, secret)
            SELECT r.id, r.patient_id, r.master_key, r.secret
            FROM json_to_recordset($1::json) AS r(id uuid, patient_id text, master_key text, secret bytea)
            ON CONFLICT (patient_id) WHERE retired_at IS NULL DO NOTHING
            RETURNING id, patient_id, master_key, secret)
        SELECT * FROM made
        UNION ALL SELECT id, patient_id, master_key, secret FROM annal_vault.patient_keys
          WHERE retired_at IS NULL AND patient_id = ANY ($2::text[])`,
      [JSON.stringify(candidates), patients],
    );
    return new Map(
      rows.map(({ id, patient_id, master_key, secret }) => [
        patient_id,
        { id, key: this.masterKeys.unwrap(id, { masterKey: master_key, secret }) },
      ]),
    );
  }

  private unwrap(row: KeyRow): StudyKeys {
    const { id, secret, patient_secret, wrapping_id, wrapping_secret, master_key } = row;
    const wrapping = this.masterKeys.unwrap(wrapping_id, { masterKey: master_key, secret: wrapping_secret });
    return {
      id,
      ...(secret && { study: createSecretKey(unseal(wrapping, `study key ${id}`, secret)) }),
      patient: createSecretKey(unseal(wrapping, `patient part key ${id}`, patient_secret)),
    };
  }

  private async query<R extends object>(name: string, text: string, values: readonly unknown[]): Promise<readonly R[]> {
    return this.session.rows<R>({ name, text, values: [...values] });
  }
}

function hex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
