import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What projectors share: who is at it, and what none of them can fold. */
export class Projector1763900000000 implements MigrationInterface {
  name = 'Projector1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE annal_ops.leases (
        name text PRIMARY KEY,
        holder uuid NOT NULL,
        until timestamptz NOT NULL
      ) WITH (fillfactor = 10)`);
    await runner.query(`
      CREATE TABLE annal_ops.parked_events (
        "offset" bigint PRIMARY KEY,
        event_id text,
        type text,
        error text NOT NULL,
        at timestamptz NOT NULL DEFAULT now()
      )`);
    // of the PostgreSQL log; with Kafka, skips have a topic of their own
    await runner.query(`
      CREATE TABLE annal_log.skips (
        "offset" bigint PRIMARY KEY,
        event_id text NOT NULL,
        reason text NOT NULL,
        actor json NOT NULL,
        time timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE annal_log.skips');
    await runner.query('DROP TABLE annal_ops.parked_events');
    await runner.query('DROP TABLE annal_ops.leases');
  }
}
