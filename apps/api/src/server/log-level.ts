import { LOG_CATEGORIES, type Logger, type LogLevel, type LogOptions, PINO_LEVELS } from '@annal/platform';
import type { RuntimeValues } from './runtime-settings.js';

/** The levels of all categories as the command line sets them. */
export function initialLevels({ level, categories }: LogOptions): RuntimeValues['logLevels'] {
  return Object.fromEntries(LOG_CATEGORIES.map((category) => [category, categories[category] ?? level]));
}

/** Logs as much as the most talkative of the categories that this server has asks for. */
export function applyLogLevel(logger: Logger, { logLevels }: RuntimeValues): void {
  const asked = Object.values(logLevels) as LogLevel[];
  const level = (['trace', 'verbose'] as const).find((one) => asked.includes(one)) ?? 'default';
  logger.level = PINO_LEVELS[level];
}
