import type { AnnalConfiguration } from '../config/configuration.js';
import { loadConfiguration } from '../config/load.js';
import type { ServerCommand } from './command-line.js';

/** Whether a process of this configuration answers no requests about the archive: it folds the log, and nothing else. */
export function isProjectorAlone({ Annal: { Roles } }: AnnalConfiguration): boolean {
  return Roles.includes('projector') && !Roles.includes('api') && !Roles.includes('dicom');
}

/** Whether a command starts such a process; says nothing about what is wrong with the configuration. */
export function startsProjectorAlone(command: ServerCommand): boolean {
  const { configuration } = load(command);
  return configuration !== undefined && isProjectorAlone(configuration);
}

/**
 * The configuration that a command goes by; prints what is to be said of it to the standard error.
 * @returns undefined when it must not be used
 */
export function configurationFor(command: ServerCommand): AnnalConfiguration | undefined {
  const { configuration, warnings, errors } = load(command);
  for (const warning of warnings) process.stderr.write(`annal: warning: ${warning}\n`);
  for (const error of errors) process.stderr.write(`annal: ${error}\n`);
  return configuration;
}

function load({ configurationPaths }: ServerCommand): ReturnType<typeof loadConfiguration> {
  return loadConfiguration({
    paths: configurationPaths,
    environment: process.env,
    workingDirectory: process.cwd(),
  });
}
