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
import { runProjector } from './process/run-projector.js';
import { rebuildAsItWas, rebuildLive } from './rebuild.js';
import { withDatabase } from './with-database.js';

/** A projector as a process of its own, `annal rebuild` and `annal events`. Resolves with the exit status. */
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
    case 'serve': {
      const configuration = configurationFor(command);
      return configuration ? runProjector(configuration, command.log) : 1;
    }
    default:
      return refuse(`this program folds, rebuilds and looks at events, and knows no ${command.command}`);
  }
}

async function rebuild(command: CommandLine & { command: 'rebuild' }): Promise<number> {
  const configuration = configurationFor(command);
  if (!configuration) return 1;
  const { past } = command;
  const logger = createLogger(logSettings(command.log), 'rebuild');
  return print(
    await withDatabase(configuration, (database) =>
      past ? rebuildAsItWas(past, configuration, database, logger) : rebuildLive(configuration, database, logger),
    ),
  );
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
