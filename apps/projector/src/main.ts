import { join } from 'node:path';
import {
  type AnnalConfiguration,
  configurationFor,
  connectToRunning,
  createLogger,
  type DatabaseConfig,
  expectReachable,
  HELP,
  logSettings,
  parseCommandLine,
  startEmbeddedPostgres,
} from '@annal/platform';
import { rebuildReadModels } from './rebuild.js';

/** `annal rebuild`: folds the whole log into new read models beside the live ones and swaps them in. */
async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  if (command.command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (command.command !== 'rebuild' || command.options.length > 0) {
    process.stderr.write('annal: rebuild takes no options of its own; see annal --help\n');
    return 1;
  }
  const configuration = configurationFor(command);
  if (!configuration) return 1;
  return withDatabase(configuration, async (database) => {
    const logger = createLogger(logSettings(command.log), 'rebuild');
    const report = await rebuildReadModels(configuration, database, logger);
    process.stdout.write(
      `Rebuilt from ${report.events} events in ${report.seconds.toFixed(1)} s (${Math.round(report.events / report.seconds)} events/s); the changes are those of the feed\n`,
    );
    return 0;
  });
}

/** Reaches the database: the one given by URL, the embedded one of a running server, or one started for the occasion. */
async function withDatabase<R>(
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
  const embedded = await startEmbeddedPostgres({ directory, logger: createLogger({ level: 'warn' }, 'rebuild') });
  try {
    return await use(embedded.connection);
  } finally {
    await embedded.stop();
  }
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`annal: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
