import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the relay of the changes is, and what it does. */
export class ChangesRelay1764100000000 implements MigrationInterface {
  name = 'ChangesRelay1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE annal_ops.changes_relay (
        topic text PRIMARY KEY,
        seq bigint NOT NULL,
        state text NOT NULL,
        reason text,
        at timestamptz NOT NULL
      ) WITH (fillfactor = 10)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE annal_ops.changes_relay');
  }
}
