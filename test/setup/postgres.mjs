import { onDemand } from './on-demand.mjs';
import { startTestServer } from './postgres-server.mjs';

/**
 * Gives one PostgreSQL to a jest run, started when the first test asks for it (openTestDatabase).
 * @returns {Promise<() => Promise<void>>} stops it
 */
export async function providePostgres() {
  if (process.env.ANNAL_TEST_DATABASE_URL) return async () => undefined;
  /** @type {{ url: string, stop(): Promise<void> } | undefined} */
  let server;
  const starter = await onDemand({
    async postgres() {
      server = await startTestServer();
      return server.url;
    },
  });
  process.env.ANNAL_TEST_POSTGRES_STARTER = `${starter.url}postgres`;
  return async () => {
    await starter.close();
    await server?.stop();
  };
}
