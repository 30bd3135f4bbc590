import { types } from 'node:util';
import type { Execute, Statement } from '@annal/projections';
import pg from 'pg';
import { clientConfig, type DatabaseConfig, type SessionSettings } from './connection.js';

type Timed = pg.QueryConfig & Pick<pg.ClientConfig, 'query_timeout'>;

/** What a session's connection is like. */
export interface SessionOptions {
  /** On which the search path begins; by default the live read models. */
  readonly schema?: string;
  readonly settings?: SessionSettings;
  /** No other connection takes the place of one that broke: it would not hold the locks that this one was given. */
  readonly once?: boolean;
}

/**
 * One connection that is opened when needed and again after it broke, but not in the midst of a transaction: the rest of
 * it would be taken for the whole.
 */
export class Session {
  private client: pg.Client | undefined;
  private connecting: Promise<pg.Client> | undefined;
  /** The statements so far: pg wants to be asked one thing after the other. */
  private before: Promise<unknown> = Promise.resolve();
  private resets = 0;
  /** Why no other connection may take the place of the one that broke, until a reset. */
  private broken: string | undefined;

  constructor(
    private readonly config: DatabaseConfig,
    private readonly name: string,
    private readonly options: SessionOptions = {},
  ) {}

  /** Runs statements separated by semicolons, or one with parameters; resolves with the rows of each. */
  readonly execute: Execute = (sql) => this.run(typeof sql === 'string' ? { text: sql } : sql);

  /** As `execute`. @param time ms, after which it rejects; then only `reset` helps */
  readonly executeWithin = (time: number, sql: string): ReturnType<Execute> =>
    this.run({ text: sql }, Math.max(1, time));

  /**
   * The rows of a statement with parameters, asked in turn with all others.
   * @param time ms, after which it rejects; then only `reset` helps
   */
  rows<R extends object>(statement: Statement, time?: number): Promise<readonly R[]> {
    const query: Timed = { ...statement, query_timeout: time };
    return this.inTurn(async () => (await (await this.connect()).query<R>(query)).rows);
  }

  /** The open connection. @throws where it broke and no other one may take its place; then only `reset` helps */
  async connect(): Promise<pg.Client> {
    if (this.broken !== undefined) throw new Error(`Connection terminated${this.broken}`);
    // whoever asks meanwhile gets the same one
    return this.client ?? (this.connecting ??= this.open().finally(() => (this.connecting = undefined)));
  }

  private async open(): Promise<pg.Client> {
    const { schema, settings, once } = this.options;
    const client = new pg.Client(clientConfig(this.config, this.name, schema, settings));
    const forget = (): void => {
      if (this.client !== client) return;
      this.client = undefined;
      if (client.getTransactionStatus() !== IDLE) this.broken = ' in the midst of a transaction';
      else if (once) this.broken = ', and with it what it held';
    };
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    this.client = client;
    return client;
  }

  /** The connection that is open now, for whoever wants to know whether it is still the same one. */
  get connection(): object | undefined {
    return this.client;
  }

  private run(statement: Statement, timeout?: number): ReturnType<Execute> {
    return this.inTurn(() => this.query(statement, timeout));
  }

  private inTurn<R>(ask: () => Promise<R>): Promise<R> {
    const { resets } = this;
    const result = this.before.then(() => {
      // would open another connection, which nobody closes
      if (resets !== this.resets) throw new Error('Connection terminated by a reset');
      return ask();
    });
    this.before = result.catch(() => undefined);
    return result;
  }

  private async query(statement: Statement, timeout: number | undefined): ReturnType<Execute> {
    const client = await this.connect();
    const query: Timed = { ...statement, query_timeout: timeout };
    const result = (await client.query(query)) as unknown as
      pg.QueryResult<Record<string, unknown>> | pg.QueryResult<Record<string, unknown>>[];
    return (Array.isArray(result) ? result : [result]).map(({ rows }) => rows);
  }

  /** Drops the connection; statements that wait for their turn fail, and the next one opens another. */
  async reset(): Promise<void> {
    this.resets += 1;
    this.before = Promise.resolve();
    this.broken = undefined;
    await this.connecting?.catch(() => undefined);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}

/** What PostgreSQL says of a connection that is in no transaction (PostgreSQL manual, section 54.7, ReadyForQuery). */
const IDLE = 'I';

/** Errors after which the connection is gone (PostgreSQL, "Error Codes"); severities are in the server's language. */
const ENDING = /^(08...|28...|3D...|53300|57P0[1-5]|25P0[34])$/;
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What the pg package says without a code. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout e|connection )/;

/** Whether PostgreSQL itself refused a statement and the connection lives on (as opposed to a lost connection). */
export function isStatementError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && !isConnectionLost(error);
}

/** Whether a statement failed because PostgreSQL could not be reached or went away. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    return ENDING.test(error.code ?? '') || error.severity === 'FATAL' || error.severity === 'PANIC';
  }
  if (!types.isNativeError(error)) return false;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  return code === undefined
    ? LOST.test(message)
    : SYSTEM_CODES.has(code) || syscall === 'connect' || syscall === 'getaddrinfo';
}
