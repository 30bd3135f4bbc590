import { join } from 'node:path';
import { type EmbeddedConnection, startEmbeddedPostgres } from '../../libs/platform/src/postgres/embedded/index.js';
import type { Places } from './places.js';
import type { Running } from './running.js';
import { say } from './say.js';

/** How long it waits for another start when this process was killed: about as long as the rest takes to end. */
const GRACE_S = 5;

/** The PostgreSQL that comes with Annal, reached by TCP; whoever has it has the cluster's folder. */
export class ClusterPostgres {
  private readonly places: Places;
  private connection: EmbeddedConnection | undefined;

  constructor(places: Places) {
    this.places = places;
  }

  /** Where it is, once it was launched. */
  get url(): string {
    const { user, password, port, database } = this.connection!;
    return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  }

  /** Starts it. @throws InUseError when another cluster uses the folder */
  async launch(): Promise<Running> {
    const server = await startEmbeddedPostgres({
      directory: join(this.places.directory, 'postgres'),
      port: this.places.ports.postgres,
      orphanGrace: GRACE_S,
      logger: { info: () => undefined, warn: say },
    });
    this.connection = server.connection;
    return {
      ready: Promise.resolve(),
      ended: server.exited.then(({ code, signal }) => (signal === null ? `with status ${code}` : `by ${signal}`)),
      stop: () => server.stop(),
    };
  }
}
