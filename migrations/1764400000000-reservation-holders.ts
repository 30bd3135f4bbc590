import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A reservation names the lock that the process holds which made it: once nobody holds that, the process has ended. */
export class ReservationHolders1764400000000 implements MigrationInterface {
  name = 'ReservationHolders1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE annal_ops.reservations ADD COLUMN holder int');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE annal_ops.reservations DROP COLUMN holder');
  }
}
