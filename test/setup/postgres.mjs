/**
 * Gives one PostgreSQL to a jest run, started when the first test asks for it over http (openTestDatabase).
 */
import { createServer } from 'node:http';
import { startTestServer } from './postgres-server.mjs';

export default async function setup() {
  if (process.env.ANNAL_TEST_DATABASE_URL) return;
  /** @type {Promise<{ url: string, stop(): Promise<void> }> | undefined} */
  let server;
  const starter = createServer((_request, response) => {
    server ??= startTestServer();
    server.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise((resolve) => starter.listen(0, '127.0.0.1', resolve));
  process.env.ANNAL_TEST_POSTGRES_STARTER = `http://127.0.0.1:${starter.address().port}/`;
  globalThis.stopTestPostgres = async () => {
    starter.closeAllConnections();
    starter.close();
    await (await server?.catch(() => undefined))?.stop();
  };
}
