import { searchPath, LIVE_SCHEMA } from '@annal/projections';
import pg from 'pg';

/** How to reach PostgreSQL, without a search path. */
export type DatabaseConfig = Pick<
  pg.ClientConfig,
  'host' | 'port' | 'user' | 'password' | 'database' | 'connectionString' | 'ssl'
>;

/** 64-bit integers are numbers here: no count, size or position comes near 2^53. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (oid === INT8 && format !== 'binary') return Number;
    return pg.types.getTypeParser(oid, format) as (value: string) => unknown;
  },
};
const INT8 = 20;

/** PostgreSQL settings of one session; values without spaces. */
export type SessionSettings = Readonly<Record<string, string>>;

/** The options of a connection that sees one schema of read models. */
export function clientConfig(
  config: DatabaseConfig,
  name: string,
  schema: string = LIVE_SCHEMA,
  settings: SessionSettings = {},
): pg.ClientConfig {
  const all = { search_path: searchPath(schema), ...settings };
  return {
    ...config,
    application_name: `annal ${name}`,
    options: Object.entries(all)
      .map(([key, value]) => `-c ${key}=${value}`)
      .join(' '),
    types: TYPES,
    keepAlive: true,
    // as soon as it is silent: a host that vanished is noticed within minutes, not hours
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
  };
}

/** A pool for queries on the live read models. */
export function openPool(config: DatabaseConfig, name: string, size: number): pg.Pool {
  const pool = new pg.Pool({ ...clientConfig(config, name), max: size, idleTimeoutMillis: 60_000 });
  // a broken idle connection is replaced at the next query, which reports whatever is wrong
  pool.on('error', () => undefined);
  return pool;
}
