import { type SupervisionLogger } from './logger.js';

/** Where and how the embedded PostgreSQL runs. */
export interface EmbeddedPostgresOptions {
  /** a folder for PostgreSQL alone; created where missing */
  readonly directory: string;
  readonly logger: SupervisionLogger;
  /** PostgreSQL settings that win over Annal's */
  readonly settings?: Readonly<Record<string, string>>;
  /** a port on 127.0.0.1 to listen on besides the unix socket; none by default */
  readonly port?: number;
  /** false: committed data survive a kill but not a power failure (tests); true by default */
  readonly durable?: boolean;
  /** seconds after which PostgreSQL stops when Annal was killed and not started again; 30 by default */
  readonly orphanGrace?: number;
}

/** A PostgreSQL that belongs to this process. */
export interface EmbeddedPostgres {
  /** how to reach Annal's database, over the unix socket */
  readonly connection: EmbeddedConnection;
  readonly pid: number;
  /** resolves when PostgreSQL has ended, by `stop` or without being asked; then it can be started again */
  readonly exited: Promise<EmbeddedPostgresExit>;
  /** Ends all sessions and stops PostgreSQL; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How PostgreSQL ended. */
export interface EmbeddedPostgresExit {
  /** whether `stop` was called */
  readonly requested: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How clients reach Annal's database: plain data for `pg`. */
export interface EmbeddedConnection {
  /** the folder of the unix socket */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}
