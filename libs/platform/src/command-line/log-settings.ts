import type { LogSettings } from '../telemetry/logger.js';
import type { LogOptions } from './log-options.js';

/** The log that the command line asks for. */
export function logSettings({ level, file, folder }: LogOptions): LogSettings {
  return { level: PINO_LEVELS[level], file, folder };
}

/** The levels of the log under Orthanc's names for them. */
export const PINO_LEVELS = { default: 'warn', verbose: 'info', trace: 'trace' } as const;
