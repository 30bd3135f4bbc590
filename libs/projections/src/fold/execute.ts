import type { Statement } from '../queries/statement.js';

/**
 * Runs a multi-statement query, or a statement with parameters, in the fold's transaction; resolves with the rows of each
 * statement.
 */
export type Execute = (sql: string | Statement) => Promise<readonly (readonly Record<string, unknown>[])[]>;
