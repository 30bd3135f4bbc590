import type { Session } from '../postgres/session.js';
import { v4 as uuidv4 } from 'uuid';

/** How long a lease holds without being renewed, s: a holder that was killed is followed by another after that. */
const HOLDS_S = 5;

/**
 * A lease in the database: of several processes that could do the same work, one does it. It saves work and nothing
 * else; whoever relies on doing it alone must find another fence.
 */
export class Lease {
  private readonly holder = uuidv4();

  constructor(
    private readonly session: Session,
    private readonly name: string,
  ) {}

  /** Takes the lease or keeps it; false while another process has it. */
  async take(): Promise<boolean> {
    const [rows = []] = await this.session.execute(
      `INSERT INTO annal_ops.leases AS l (name, holder, until)
       VALUES ('${this.name}', '${this.holder}', clock_timestamp() + interval '${HOLDS_S} s')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
       WHERE l.holder = excluded.holder OR l.until < clock_timestamp() RETURNING holder`,
    );
    return rows.length > 0;
  }

  /** Leaves the lease to the next at once. */
  async release(): Promise<void> {
    await this.session.execute(
      `DELETE FROM annal_ops.leases WHERE name = '${this.name}' AND holder = '${this.holder}'`,
    );
  }
}
