import { join } from 'node:path';
import type { AnnalConfiguration, DatabaseConfig, Logger } from '@annal/platform';
import { type EmbeddedPostgres, expectReachable, startEmbeddedPostgres } from '@annal/platform';

/** The database of this server: the one given by URL, or the embedded one, started and kept running. */
export class DatabaseServer {
  private stopped = false;

  private constructor(
    readonly config: DatabaseConfig,
    private embedded: EmbeddedPostgres | undefined,
    private readonly restart: () => Promise<EmbeddedPostgres>,
  ) {}

  /** @throws DatabaseUnreachable, or what an embedded one says against its start */
  static async start(configuration: AnnalConfiguration, logger: Logger): Promise<DatabaseServer> {
    const url = configuration.Annal.Database.Url;
    const start = (): Promise<EmbeddedPostgres> =>
      startEmbeddedPostgres({ directory: join(configuration.IndexDirectory, 'postgres'), logger });
    if (url !== undefined) {
      const config = { connectionString: url };
      await expectReachable(config);
      return new DatabaseServer(config, undefined, start);
    }
    const embedded = await start();
    const server = new DatabaseServer(embedded.connection, embedded, start);
    server.watch(embedded, logger);
    return server;
  }

  /** Stops the embedded PostgreSQL; does nothing to one given by URL. */
  async stop(): Promise<void> {
    const { embedded } = this;
    this.stopped = true;
    this.embedded = undefined;
    await embedded?.stop();
  }

  /** Starts the embedded PostgreSQL again when it ends by itself; it recovers from its own log. */
  private watch(embedded: EmbeddedPostgres, logger: Logger): void {
    void embedded.exited.then(async () => {
      if (this.embedded !== embedded) return;
      logger.error('PostgreSQL ended by itself and is started again');
      while (!this.stopped) {
        try {
          const next = await this.restart();
          if (this.stopped) return await next.stop();
          this.embedded = next;
          this.watch(next, logger);
          return;
        } catch (error) {
          logger.error({ err: error }, 'PostgreSQL cannot be started');
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
      }
    });
  }
}
