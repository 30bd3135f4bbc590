import type { SessionSettings } from './connection.js';

/**
 * Settings of sessions that ask by key alone, from the first row of a new table on: planning again each time finds nothing
 * better. PostgreSQL does plan again when it is given a short list of keys, since it takes lists that it has not seen for
 * ten keys long (PostgreSQL manual, PREPARE, notes).
 */
export const ASKED_BY_KEY: SessionSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};
