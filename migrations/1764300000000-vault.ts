import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The key vault, truth that no rebuild touches: keys of patients, wrapped by the master key where there is one, and keys
 * of studies, wrapped by the patient's. And what the fold tells of studies that are gone, whose keys are to be retired.
 */
export class Vault1764300000000 implements MigrationInterface {
  name = 'Vault1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA annal_vault');
    await runner.query(`
      CREATE TABLE annal_vault.patient_keys (
        id uuid PRIMARY KEY,
        patient_id text COLLATE "C" NOT NULL,
        -- the master key that wraps the secret; null: none, the secret is the key itself
        master_key text,
        secret bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX patient_keys_active ON annal_vault.patient_keys (patient_id) WHERE retired_at IS NULL',
    );
    await runner.query(
      'CREATE INDEX patient_keys_retired ON annal_vault.patient_keys (retired_at) WHERE retired_at IS NOT NULL',
    );
    await runner.query('CREATE INDEX patient_keys_master ON annal_vault.patient_keys (master_key)');
    await runner.query(`
      CREATE TABLE annal_vault.study_keys (
        id uuid PRIMARY KEY,
        study_id text COLLATE "C" NOT NULL,
        patient_key uuid NOT NULL REFERENCES annal_vault.patient_keys,
        -- of tags and headers; null once it is destroyed
        secret bytea,
        -- of what the study's instances say of the patient
        patient_secret bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        retired_at timestamptz
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX study_keys_active ON annal_vault.study_keys (study_id) WHERE retired_at IS NULL',
    );
    await runner.query(
      'CREATE INDEX study_keys_retired ON annal_vault.study_keys (retired_at) WHERE retired_at IS NOT NULL',
    );
    await runner.query('CREATE INDEX study_keys_patient ON annal_vault.study_keys (patient_key)');
    await runner.query(`
      -- the last mark of destroyed keys that this database knows of
      CREATE TABLE annal_vault.applied_marks (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        name text COLLATE "C" NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE annal_ops.removed_studies (
        study_id text COLLATE "C" NOT NULL,
        patient_id text COLLATE "C" NOT NULL,
        patient_removed boolean NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE annal_ops.removed_studies');
    await runner.query('DROP SCHEMA annal_vault CASCADE');
  }
}
