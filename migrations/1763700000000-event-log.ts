import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is no read model: the event log (PostgreSQL adapter), the changes feed, and the operational tables. */
export class EventLog1763700000000 implements MigrationInterface {
  name = 'EventLog1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public');
    await runner.query('CREATE SCHEMA annal_log');
    await runner.query('CREATE SCHEMA annal_ops');
    await runner.query(`
      CREATE TABLE annal_log.position (
        partition int PRIMARY KEY,
        next_offset bigint NOT NULL,
        log_id uuid NOT NULL
      ) WITH (fillfactor = 10)`);
    await runner.query(`
      CREATE TABLE annal_log.events (
        "offset" bigint PRIMARY KEY,
        type text COLLATE "C" NOT NULL,
        subject text COLLATE "C" NOT NULL,
        body json NOT NULL
      )`);
    await runner.query('ALTER TABLE annal_log.events ALTER body SET STORAGE EXTENDED');
    await runner.query(`
      CREATE TABLE annal_log.change_feed (
        seq bigint PRIMARY KEY,
        position bigint NOT NULL,
        type smallint NOT NULL,
        level smallint NOT NULL,
        resource_id text COLLATE "C" NOT NULL,
        date text COLLATE "C" NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE annal_ops.outcomes (
        event_id uuid PRIMARY KEY,
        outcome json NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX outcomes_at ON annal_ops.outcomes (at)');
    await runner.query(`
      CREATE TABLE annal_ops.blob_garbage (
        key text COLLATE "C" PRIMARY KEY,
        instance_id text COLLATE "C" NOT NULL,
        position bigint NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE annal_ops.reservations (
        id uuid PRIMARY KEY,
        bytes bigint NOT NULL,
        patient_id text COLLATE "C" NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA annal_ops CASCADE');
    await runner.query('DROP SCHEMA annal_log CASCADE');
  }
}
