import type { Server } from 'node:http';
import type { BlobStore } from '@annal/domain';
import {
  type AnnalConfiguration,
  type ArchiveLog,
  type DatabaseConfig,
  expectReachable,
  type Folding,
  FoldHealthCheck,
  type Logger,
  openBlobStore,
  openLog,
  openPool,
  openVault,
  Owners,
  startFolding,
  type Vault,
} from '@annal/platform';
import { listenForProbes } from './probe-server.js';
import { ProjectorStatus } from './projector-status.js';

const POOL_SIZE = 2;

/** A projector as a process of its own: folds or stands by, looks after the archive while it folds, and says how it is. */
export class ProjectorProcess {
  private constructor(
    private readonly server: Server | undefined,
    private readonly blobs: BlobStore,
    private readonly vault: Vault,
    private readonly log: ArchiveLog,
    private readonly pool: ReturnType<typeof openPool>,
    private readonly owners: Owners,
    private readonly folding: Folding,
  ) {}

  /** Starts it; read models of another release are made anew first, while probes are answered already. */
  static async start(configuration: AnnalConfiguration, logger: Logger): Promise<ProjectorProcess> {
    const database: DatabaseConfig = { connectionString: configuration.Annal.Database.Url };
    const blobs = await openBlobStore(configuration, true);
    await expectReachable(database);
    const pool = openPool(database, 'projector probes', POOL_SIZE);
    const status = new ProjectorStatus(pool);
    const server = configuration.HttpServerEnabled ? await listenForProbes(configuration, status) : undefined;
    const vault = openVault(configuration, database, blobs, logger);
    const log = await openLog(configuration, database, vault, blobs, logger);
    const owners = new Owners(configuration, database, log, blobs, vault, logger);
    const folding = startFolding(configuration, database, log, owners, vault, logger);
    status.follow(folding, new FoldHealthCheck(pool, log));
    return new ProjectorProcess(server, blobs, vault, log, pool, owners, folding);
  }

  /** Finishes the batch under way and leaves the place to another. */
  async stop(): Promise<void> {
    await this.folding.stop();
    await this.owners.stop();
    await this.blobs.close();
    await this.log.close();
    await this.vault.close();
    this.server?.close();
    this.server?.closeAllConnections();
    await this.pool.end();
  }
}
