import pg from 'pg';
import { isConnectionLost } from '../postgres/session.js';

/** Classes of errors that say something about the moment, not about the event (PostgreSQL, "Error Codes"). */
const OF_THE_MOMENT = /^(40|53|55|57|58|08|25|XX)/;

/** Whether folding the same event again would fail in the same way. */
export function isRepeatable(error: unknown): boolean {
  if (isConnectionLost(error)) return false;
  return !(error instanceof pg.DatabaseError) || !OF_THE_MOMENT.test(error.code ?? '');
}
