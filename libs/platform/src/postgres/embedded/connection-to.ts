import { ROLE, type Cluster } from './cluster.js';
import { type EmbeddedConnection } from './types.js';

/** The name of Annal's database. */
export const DATABASE = 'annal';

/** How clients reach Annal's database in this cluster. */
export function connectionTo({ password }: Cluster, host: string, port: number): EmbeddedConnection {
  return { host, port, user: ROLE, password, database: DATABASE };
}
