import type { Session } from '../postgres/session.js';
import { v4 as uuidv4 } from 'uuid';

/** How long a lease holds without being renewed, s: a holder that hangs is followed by another after that. */
const HOLDS_S = 5;
/** The name of a holder's session, by which the others see that it is connected: one that was killed is followed at once. */
const SESSION = 'annal lease';

/** Whose turn it is to do what one process does for all. */
export interface Turn {
  /** Takes the turn or keeps it; false while another process has it. */
  take(): Promise<boolean>;
  /** Leaves the turn to the next at once. */
  release(): Promise<void>;
}

/**
 * A lease in the database: of several processes that could do the same work, one does it. It saves work and nothing
 * else; whoever relies on doing it alone must find another fence.
 */
export class Lease implements Turn {
  private readonly holder = uuidv4();

  constructor(
    private readonly session: Session,
    private readonly name: string,
  ) {}

  async take(): Promise<boolean> {
    const [, rows = []] = await this.session.execute(
      `SET application_name = '${SESSION} ${this.holder}';
       INSERT INTO annal_ops.leases AS l (name, holder, until)
       VALUES ('${this.name}', '${this.holder}', clock_timestamp() + interval '${HOLDS_S} s')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
       WHERE l.holder = excluded.holder OR l.until < clock_timestamp()
         OR NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = '${SESSION} ' || l.holder)
       RETURNING holder`,
    );
    return rows.length > 0;
  }

  async release(): Promise<void> {
    await this.session.execute(
      `DELETE FROM annal_ops.leases WHERE name = '${this.name}' AND holder = '${this.holder}'`,
    );
  }
}
