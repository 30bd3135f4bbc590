import type { AnnalConfiguration } from '../config/configuration.js';
import { loadConfiguration } from '../config/load.js';
import type { ServerCommand } from './command-line.js';

/**
 * The configuration that a command goes by; prints what is to be said of it to the standard error.
 * @returns undefined when it must not be used
 */
export function configurationFor(command: ServerCommand): AnnalConfiguration | undefined {
  const { configuration, warnings, errors } = loadConfiguration({
    paths: command.configurationPaths,
    environment: process.env,
    workingDirectory: process.cwd(),
  });
  for (const warning of warnings) process.stderr.write(`annal: warning: ${warning}\n`);
  for (const error of errors) process.stderr.write(`annal: ${error}\n`);
  return configuration;
}
