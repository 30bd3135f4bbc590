import { join } from 'node:path';
import {
  type AnnalConfiguration,
  connectToRunning,
  createLogger,
  type DatabaseConfig,
  expectReachable,
  startEmbeddedPostgres,
} from '@annal/platform';

/** Reaches the database: the one given by URL, the embedded one of a running server, or one started for the occasion. */
export async function withDatabase<R>(
  { Annal, IndexDirectory }: AnnalConfiguration,
  use: (database: DatabaseConfig) => Promise<R>,
): Promise<R> {
  if (Annal.Database.Url !== undefined) {
    const config = { connectionString: Annal.Database.Url };
    await expectReachable(config);
    return use(config);
  }
  const directory = join(IndexDirectory, 'postgres');
  const running = await connectToRunning(directory);
  if (running) return use(running);
  const embedded = await startEmbeddedPostgres({ directory, logger: createLogger({ level: 'warn' }, 'projector') });
  try {
    return await use(embedded.connection);
  } finally {
    await embedded.stop();
  }
}
