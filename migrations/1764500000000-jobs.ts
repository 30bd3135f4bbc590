import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of what is sealed and belongs to no study, and who runs which job. */
export class Jobs1764500000000 implements MigrationInterface {
  name = 'Jobs1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE annal_vault.job_keys (
        -- the job's own identifier
        id uuid PRIMARY KEY,
        -- the master key that wraps the secret; null: none, the secret is the key itself
        master_key text,
        secret bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX job_keys_master ON annal_vault.job_keys (master_key)');
    await runner.query('CREATE INDEX job_keys_created ON annal_vault.job_keys (created_at)');
    await runner.query(`
      CREATE TABLE annal_ops.job_leases (
        job_id text COLLATE "C" PRIMARY KEY,
        -- one process that runs jobs, known by its session
        holder uuid NOT NULL,
        -- the server that it belongs to
        server uuid NOT NULL,
        until timestamptz NOT NULL
      ) WITH (fillfactor = 50)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE annal_ops.job_leases');
    await runner.query('DROP TABLE annal_vault.job_keys');
  }
}
