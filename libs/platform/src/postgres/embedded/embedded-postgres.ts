import { findBinaries } from './binaries.js';
import { chooseLauncher } from './choose-launcher.js';
import { openCluster } from './cluster.js';
import { createDatabase } from './create-database.js';
import { createDirectory, settleAccount } from './folders.js';
import { RunningPostgres } from './running-postgres.js';
import { startOwned } from './start-owned.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions } from './types.js';

/**
 * Runs the PostgreSQL that comes with Annal on the data in a folder, which are created at the first start. A PostgreSQL
 * that a killed Annal left there is replaced: there are never two. As root it runs as another user.
 * @throws EmbeddedPostgresError with the way out; InUseError when another running Annal uses the folder
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const directory = await createDirectory(options.directory);
  const chosen = await chooseLauncher(binaries, directory, await settleAccount(directory));
  const cluster = await openCluster(chosen, binaries, directory, options.durable ?? true);
  const owned = await startOwned(chosen.launcher, binaries, cluster, options);
  const running = new RunningPostgres(owned, chosen.launcher, cluster, options);
  try {
    await createDatabase(running.connection);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}
