import type { Session } from '../postgres/session.js';

/** The identity of the event log that the live read models were made from; undefined where there are none, or empty ones. */
export async function madeFrom(session: Session): Promise<string | undefined> {
  const [[table] = []] = await session.execute(`SELECT to_regclass('folded_position') IS NOT NULL AS there`);
  if (table!.there !== true) return undefined;
  const [[row] = []] = await session.execute('SELECT log_id FROM folded_position');
  return (row?.log_id as string | null | undefined) ?? undefined;
}
