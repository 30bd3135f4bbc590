import type { Session } from '../../postgres/session.js';

/** A session on a database that takes everything and has nothing: what is made by it is remembered by the one who made it. */
export function memorySession(): Session {
  return { connection: {}, rows: async () => [] } as unknown as Session;
}
