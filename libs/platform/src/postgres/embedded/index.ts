export { startEmbeddedPostgres } from './embedded-postgres.js';
export { EmbeddedPostgresError } from './errors.js';
export { type SupervisionLogger } from './logger.js';
export { InUseError } from './ownership.js';
export {
  type EmbeddedConnection,
  type EmbeddedPostgres,
  type EmbeddedPostgresExit,
  type EmbeddedPostgresOptions,
} from './types.js';
export { connectToRunning } from './connect-to-running.js';
