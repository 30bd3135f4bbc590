/** The categories whose log level can be set one by one, as at /tools/log-level-{category}. */
export const LOG_CATEGORIES = ['generic', 'plugins', 'http', 'sqlite', 'dicom', 'jobs', 'lua'] as const;
export type LogCategory = (typeof LOG_CATEGORIES)[number];

/** How much is logged: warnings and errors, what happens, or every detail. */
export type LogLevel = 'default' | 'verbose' | 'trace';

/** How much is logged, and where. */
export interface LogOptions {
  readonly level: LogLevel;
  /** Categories with a level of their own. */
  readonly categories: Readonly<Partial<Record<LogCategory, LogLevel>>>;
  /** The file, or the folder for a file, instead of the standard error. */
  readonly file?: string;
  readonly folder?: string;
}

/** Warnings and errors, to the standard error. */
export const QUIET_LOG: LogOptions = { level: 'default', categories: {} };

/**
 * The log options after one more option of the command line; undefined when it is not about logging. As options are
 * read from left to right, --verbose and --trace reset the categories named before them.
 */
export function parseLogOption(log: LogOptions, name: string, value: string | undefined): LogOptions | undefined {
  if (name === '--logfile' && value) return { ...log, file: value, folder: undefined };
  if (name === '--logdir' && value) return { ...log, folder: value, file: undefined };
  const match = /^--(verbose|trace)(?:-([a-z]+))?$/.exec(name);
  if (!match || value !== undefined) return undefined;
  const level = match[1] as LogLevel;
  if (match[2] === undefined) return { ...log, level, categories: {} };
  const category = LOG_CATEGORIES.find((one) => one === match[2]);
  return category && { ...log, categories: { ...log.categories, [category]: level } };
}
