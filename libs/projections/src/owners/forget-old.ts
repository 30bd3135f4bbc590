import type { Queryable } from '../queryable.js';

/**
 * Removes what is of no use after an hour: outcomes of events, which are asked for while the answer of a commit is being
 * looked for, and reservations of uploads that were killed.
 */
export async function forgetOld(database: Queryable): Promise<void> {
  await database.query(`DELETE FROM outcomes WHERE at < now() - interval '1 hour'`);
  await database.query(`DELETE FROM reservations WHERE at < now() - interval '1 hour'`);
}
