export * from './command-line.js';
export * from './help.js';
export * from './log-options.js';
export * from './log-settings.js';
export * from './startup.js';
export type { EventsRequest, RebuildRequest } from './subcommands.js';
