import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The append of a writer that knows the log's end, and events of usual size kept in their row as they are. */
export class AppendAt1763800000000 implements MigrationInterface {
  name = 'AppendAt1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    // compressing a body of 2 KB takes longer than all else that an event costs
    await runner.query('ALTER TABLE annal_log.events SET (toast_tuple_target = 8160)');
    await runner.query(`
      CREATE FUNCTION annal_log.append_at(p_offset bigint, p_types text[], p_subjects text[], p_bodies json)
      RETURNS boolean LANGUAGE plpgsql VOLATILE AS $fn$
      BEGIN
        UPDATE annal_log.position SET next_offset = p_offset + cardinality(p_types)
          WHERE partition = 0 AND next_offset = p_offset;
        IF NOT FOUND THEN RETURN false; END IF;
        INSERT INTO annal_log.events ("offset", type, subject, body)
          SELECT p_offset + b.ordinality - 1, p_types[b.ordinality], p_subjects[b.ordinality], b.value
          FROM json_array_elements(p_bodies) WITH ORDINALITY b;
        PERFORM pg_notify('annal_log', '');
        RETURN true;
      END $fn$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION annal_log.append_at');
    await runner.query('ALTER TABLE annal_log.events RESET (toast_tuple_target)');
  }
}
