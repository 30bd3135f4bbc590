import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A reservation has the key of its blob as its id, and says of which instance: whether it is folded can be looked up. */
export class ReservedBlobs1764200000000 implements MigrationInterface {
  name = 'ReservedBlobs1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE annal_ops.reservations ADD COLUMN instance_id text COLLATE "C"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE annal_ops.reservations DROP COLUMN instance_id');
  }
}
