import {
  type CommandLine,
  configurationFor,
  createLogger,
  describeError,
  HELP,
  logSettings,
  parseCommandLine,
} from '@annal/platform';
import { runEventsCommand } from './events/events-command.js';
import { rebuildReadModels } from './rebuild.js';
import { withDatabase } from './with-database.js';

/** `annal rebuild` and `annal events`. Resolves with the exit status. */
async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  switch (command.command) {
    case 'help':
      return print(HELP);
    case 'rebuild':
      return rebuild(command);
    case 'events':
      return events(command);
    case 'refuse':
      return refuse(command.message);
    default:
      return refuse(`this program runs rebuild and events alone, not ${command.command}`);
  }
}

/** Folds the whole log into new read models beside the live ones and swaps them in. */
async function rebuild(command: CommandLine & { command: 'rebuild' }): Promise<number> {
  const configuration = configurationFor(command);
  if (!configuration) return 1;
  if (command.past) return refuse('--until is not there yet');
  return withDatabase(configuration, async (database) => {
    const logger = createLogger(logSettings(command.log), 'rebuild');
    const report = await rebuildReadModels(configuration, database, logger);
    return print(
      `Rebuilt from ${report.events} events in ${report.seconds.toFixed(1)} s (${Math.round(report.events / report.seconds)} events/s); the changes are those of the feed\n`,
    );
  });
}

async function events(command: CommandLine & { command: 'events' }): Promise<number> {
  const configuration = configurationFor(command);
  if (!configuration) return 1;
  return print(await withDatabase(configuration, (database) => runEventsCommand(command, configuration, database)));
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(message: string): number {
  process.stderr.write(`annal: ${message}\n`);
  return 1;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => process.exit(refuse(describeError(error))),
);
