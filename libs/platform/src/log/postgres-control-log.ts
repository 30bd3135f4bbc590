import type { ControlLog, Skip } from '@annal/domain';
import { sqlJson, sqlText } from '@annal/projections';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';

/** Operators' decisions in a table beside that of the events. */
export class PostgresControlLog implements ControlLog {
  private readonly session: Session;

  constructor(database: DatabaseConfig) {
    this.session = new Session(database, 'control log');
  }

  async skips(): Promise<readonly Skip[]> {
    const [rows = []] = await this.session.execute(
      `SELECT "offset", event_id AS "eventId", reason, actor, time FROM annal_log.skips ORDER BY "offset"`,
    );
    return rows.map((row) => ({ ...row, time: (row.time as Date).toISOString() }) as unknown as Skip);
  }

  async skip({ offset, eventId, reason, actor, time }: Skip): Promise<void> {
    await this.session.execute(
      `INSERT INTO annal_log.skips ("offset", event_id, reason, actor, time)
       VALUES (${offset}, ${sqlText(eventId)}, ${sqlText(reason)}, ${sqlJson(actor)}, ${sqlText(time)})
       ON CONFLICT ("offset") DO NOTHING`,
    );
  }

  close(): Promise<void> {
    return this.session.reset();
  }
}
