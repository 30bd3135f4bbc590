import { type Queryable, sqlText } from '@annal/projections';
import type { DatabaseConfig } from '../postgres/connection.js';
import { Session } from '../postgres/session.js';

/** What a relay is doing; `refused`: it will not go on before somebody has looked into it. */
export type RelayState = 'publishing' | 'failing' | 'refused';

/** What everybody may know of the relay. */
export interface RelayStatus {
  readonly state: RelayState;
  /** The last Seq known to be published. */
  readonly seq: number;
}

/** The status of the relay that was last at work; undefined where none ever was. */
export async function relayStatus(database: Queryable): Promise<RelayStatus | undefined> {
  const { rows } = await database.query<RelayStatus>('SELECT state, seq FROM changes_relay ORDER BY at DESC LIMIT 1');
  return rows[0];
}

/** What a relay keeps in the database: how far it is, for itself, and what it does, for whoever asks. */
export class RelayMemory {
  private readonly session: Session;

  constructor(
    database: DatabaseConfig,
    private readonly topic: string,
  ) {
    this.session = new Session(database, 'changes relay status');
  }

  /** The last Seq that was remembered; 0: none. */
  async published(): Promise<number> {
    const [[row] = []] = await this.session.execute(
      `SELECT seq FROM annal_ops.changes_relay WHERE topic = ${sqlText(this.topic)}`,
    );
    return (row?.seq as number | undefined) ?? 0;
  }

  /** Remembers how far the topic is. */
  async remember(seq: number): Promise<void> {
    await this.write('excluded.seq', 'publishing', seq);
  }

  /** Remembers how far the topic was found to be; whoever has gone on from there may have remembered more. */
  async rememberAtLeast(seq: number): Promise<void> {
    await this.write('greatest(r.seq, excluded.seq)', 'publishing', seq);
  }

  /** Says what the relay does; not how far it is. @param reason of a refusal; without values of tags */
  async report(state: RelayState, reason?: string): Promise<void> {
    await this.write('r.seq', state, 0, reason);
  }

  /** Drops the connection; the next question opens another. */
  reset(): Promise<void> {
    return this.session.reset();
  }

  /** @param becomes SQL for the Seq, where another one is there already */
  private async write(becomes: string, state: RelayState, seq: number, reason?: string): Promise<void> {
    await this.session.execute(
      `INSERT INTO annal_ops.changes_relay AS r (topic, seq, state, reason, at)
       VALUES (${sqlText(this.topic)}, ${seq}, '${state}', ${reason === undefined ? 'NULL' : sqlText(reason)}, now())
       ON CONFLICT (topic) DO UPDATE SET seq = ${becomes}, state = excluded.state, reason = excluded.reason,
         at = excluded.at`,
    );
  }
}
