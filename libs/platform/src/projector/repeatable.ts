import { UnfoldableEvent } from '@annal/projections';
import pg from 'pg';
import { isConnectionLost } from '../postgres/session.js';
import { aboutValue } from '../telemetry/describe-error.js';

/**
 * Classes of errors that are about the values to write (PostgreSQL, "Error Codes"): cardinality, data, integrity, limits
 * such as those of an index row, and what the fold's functions raise. All others say something about the moment, the
 * database or this program, and no event can be blamed for them.
 */
const ABOUT_VALUES = /^(21|22|23|54|P0)/;

/** Whether folding the same event again would fail in the same way. */
export function isRepeatable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return ABOUT_VALUES.test(error.code ?? '') && !isConnectionLost(error);
  return error instanceof UnfoldableEvent || aboutValue(error);
}
