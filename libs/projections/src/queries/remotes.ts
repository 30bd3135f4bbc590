import type { RemoteKind, Sealed } from '@annal/domain';
import type { StatementRunner } from './statement.js';

/** What users changed of another server. */
export interface ChangedRemote {
  readonly name: string;
  readonly eventId: string;
  /** Its options; null: it was removed. */
  readonly sealed: Sealed | null;
}

interface Row {
  readonly name: string;
  readonly event_id: string;
  readonly sealed: Sealed | null;
}

/**
 * The changes of all servers of a kind, by name.
 * @param run of a server; null: those that hold for all
 */
export async function readRemotes(
  runner: StatementRunner,
  kind: RemoteKind,
  run: string | null,
): Promise<readonly ChangedRemote[]> {
  const { rows } = await runner.query<Row>({
    name: 'annal_remotes',
    text: 'SELECT name, event_id, sealed FROM remotes WHERE kind = $1 AND run = $2 ORDER BY name',
    values: [kind, run ?? ''],
  });
  return rows.map(changed);
}

/** The change of one server; undefined: none. */
export async function readRemote(
  runner: StatementRunner,
  kind: RemoteKind,
  run: string | null,
  name: string,
): Promise<ChangedRemote | undefined> {
  const { rows } = await runner.query<Row>({
    name: 'annal_remote',
    text: 'SELECT name, event_id, sealed FROM remotes WHERE kind = $1 AND run = $2 AND name = $3',
    values: [kind, run ?? '', name],
  });
  return rows[0] && changed(rows[0]);
}

function changed({ name, event_id: eventId, sealed }: Row): ChangedRemote {
  return { name, eventId, sealed };
}
