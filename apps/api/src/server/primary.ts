import { randomUUID } from 'node:crypto';
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { BlobStore } from '@annal/domain';
import {
  type AnnalConfiguration,
  type ArchiveLog,
  createLogger,
  endOfLastRun,
  expectFree,
  type Folding,
  type Logger,
  type LogOptions,
  logSettings,
  openBlobStore,
  openLog,
  openVault,
  Owners,
  startFolding,
  type Vault,
} from '@annal/platform';
import { AggregatorRegistry } from 'prom-client';
import { DatabaseServer } from './database-server.js';
import { applyLogLevel } from './log-level.js';
import { PORT_CAN_BE_SHARED } from './listening.js';
import { Mailbox } from './mailbox.js';
import type { Failure, PrimaryMessage, WorkerMessage, WorkerRequest } from './messages.js';
import { runtimeDefaults } from './runtime-defaults.js';
import type { RuntimeValues } from './runtime-settings.js';

/** How a run of the server ended. */
export type Ending = 'shutdown' | 'reset';

const RESTART_DELAY_MS = 500;
/** How long a part of the server may take to stop. */
const STOP_MS = 10_000;
/**
 * Bodies pass through memory outside V8's heap. By default each 64 MB of them set off a full collection, a third of the
 * time of an upload of CT images; collecting the young generation more often gives them back before that. And the heap
 * may not grow to several times of what is in use before it is collected.
 */
const WORKER_FLAGS = [
  '--external-memory-accounted-in-global-limit',
  '--max-semi-space-size=8',
  '--heap-growing-percent=75',
];
/**
 * A worker's threads would each take memory from a pool of their own of the C library's, up to eight for each core, and
 * what one gives back is of no use to another: a third of a worker's memory while it makes pictures and archives.
 */
const WORKER_ENVIRONMENT = { UV_THREADPOOL_SIZE: '8', MALLOC_ARENA_MAX: '2' };
/** How long a worker that should end by itself may take beyond its own limit. */
const KILL_DELAY_MS = 5000;

/**
 * The primary process: keeps the database running, writes the log for all workers, owns what one process does for the
 * archive, and keeps the HTTP workers alive.
 */
export class Primary {
  private stopping = false;
  private readonly workers = new Set<Worker>();
  private readonly applying = new Map<number, { missing: Set<Worker>; done: () => void }>();
  private readonly metrics = new AggregatorRegistry();
  private values: RuntimeValues;
  private lastApply = 0;
  private sharesPort = false;
  private workerWrites = false;
  private readonly server = randomUUID();
  private ended!: (ending: Ending) => void;

  /** Resolves once somebody asks the server to end. */
  readonly ending = new Promise<Ending>((resolve) => (this.ended = resolve));

  private constructor(
    private readonly configuration: AnnalConfiguration,
    private readonly options: LogOptions,
    private readonly logger: Logger,
    private readonly database: DatabaseServer,
    private readonly log: ArchiveLog,
    private readonly blobs: BlobStore,
    private readonly vault: Vault,
    private readonly owners: Owners,
    private readonly folding: Folding,
    private readonly jobsForgottenBefore: Date | undefined,
  ) {
    this.values = runtimeDefaults(configuration, options);
  }

  /**
   * Starts everything; resolves when all workers listen.
   * @param resumeJobs whether jobs of the last run go on
   * @param shutdown breaks it off: whatever it waits for, the database is stopped
   */
  static async start(
    configuration: AnnalConfiguration,
    options: LogOptions,
    workerFile: string,
    resumeJobs: boolean,
    shutdown: Promise<void>,
  ): Promise<Primary> {
    const logger = createLogger(logSettings(options), 'primary');
    // told before PostgreSQL is set up, which takes long on an empty folder
    await expectPort(configuration);
    const blobs = await openBlobStore(configuration, true);
    const database = await DatabaseServer.start(configuration, logger);
    const starting = Primary.startOn(database, blobs, configuration, options, logger, workerFile, resumeJobs);
    try {
      return await Promise.race([starting, shutdown.then(brokenOff)]);
    } catch (error) {
      await database.stop();
      throw error;
    }
  }

  private static async startOn(
    database: DatabaseServer,
    blobs: BlobStore,
    configuration: AnnalConfiguration,
    options: LogOptions,
    logger: Logger,
    workerFile: string,
    resumeJobs: boolean,
  ): Promise<Primary> {
    const vault = openVault(configuration, database.config, blobs, logger);
    const log = await openLog(configuration, database.config, vault, blobs, logger);
    const owners = new Owners(configuration, database.config, log, blobs, vault, logger);
    const folding = startFolding(configuration, database.config, log, owners, vault, logger);
    const forgotten = resumeJobs && configuration.SaveJobs ? undefined : await lastRun(database, logger);
    const args = [configuration, options, logger, database, log, blobs, vault, owners, folding, forgotten] as const;
    const primary = new Primary(...args);
    try {
      await primary.startWorkers(workerFile);
      return primary;
    } catch (error) {
      await primary.stop();
      throw error;
    }
  }

  /** Asks the server to end. */
  end(ending: Ending): void {
    this.ended(ending);
  }

  /** Lets uploads in flight finish, then stops the workers, the log writer and the embedded database. */
  async stop(): Promise<void> {
    this.stopping = true;
    const limit = this.configuration.Annal.Limits.ShutdownTimeout * 1000;
    await Promise.all([...this.workers].map((worker) => this.stopWorker(worker, limit)));
    await this.within('The fold', this.folding.stop());
    await this.within('What is owned', this.owners.stop());
    await this.within('The storage', this.blobs.close());
    await this.within('The event log', this.log.close());
    await this.within('The vault', this.vault.close());
    await this.database.stop();
  }

  /** Waits for a part to stop, but not for ever, as its database or broker may be silent: the others are to stop, too. */
  private async within(what: string, stopping: Promise<unknown>): Promise<void> {
    const late = new AbortController();
    const isLate = delay(STOP_MS, true, { signal: late.signal }).catch(() => false);
    try {
      if (await Promise.race([stopping.then(() => false), isLate]))
        this.logger.warn(`${what} does not stop and is left`);
    } catch (error) {
      this.logger.error({ err: error }, `${what} did not stop as it should`);
    } finally {
      late.abort();
    }
  }

  private async startWorkers(file: string): Promise<void> {
    const { Workers } = this.configuration.Annal;
    const count = Workers > 0 ? Workers : Math.max(1, availableParallelism() - 1);
    // a worker accepts by itself: a connection handed over would be lost when the worker is killed meanwhile
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    this.sharesPort = count > 1 && PORT_CAN_BE_SHARED;
    // the commands of several workers make up larger groups in one place; with one worker, going there only takes time
    this.workerWrites = count === 1;
    // another server may have taken it meanwhile, and would share it unseen
    await expectPort(this.configuration);
    cluster.setupPrimary({ exec: file, serialization: 'advanced', execArgv: [...process.execArgv, ...WORKER_FLAGS] });
    await Promise.all(Array.from({ length: count }, () => this.startWorker()));
  }

  private async startWorker(): Promise<void> {
    const worker = this.fork();
    this.workers.add(worker);
    this.tell(worker, {
      kind: 'start',
      configuration: this.configuration,
      database: this.database.config,
      values: this.values,
      sharesPort: this.sharesPort,
      writesLog: this.workerWrites,
      logId: this.log.logId,
      server: this.server,
      jobsForgottenBefore: this.jobsForgottenBefore,
      log: logSettings(this.options),
    });
    const replies = new Mailbox<PrimaryMessage>((messages) => send(worker, messages));
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (messages: unknown) => {
        // other messages on the channel are those that gather metrics
        if (!Array.isArray(messages)) return;
        for (const message of messages as WorkerMessage[]) {
          if (message.kind === 'listening') resolve();
          else if (message.kind === 'cannot-listen') reject(new Error(message.message));
          else this.receive(worker, message, replies);
        }
      });
      const ended = (how: string): void => {
        this.workers.delete(worker);
        for (const id of [...this.applying.keys()]) this.applied(worker, id);
        reject(new Error(`A worker process ended while starting (${how})`));
        if (this.stopping) return;
        this.logger.error(`A worker process ended (${how}) and is started again`);
        this.startWorkerLater();
      };
      worker.on('exit', (code, signal) => ended(signal ?? String(code)));
      // one that could not be started has no exit
      worker.on('error', (error) => worker.process.pid === undefined && ended(error.message));
    });
  }

  private fork(): Worker {
    const { TemporaryDirectory } = this.configuration;
    const folder = TemporaryDirectory === undefined ? {} : { TMPDIR: TemporaryDirectory };
    try {
      return cluster.fork({ ...WORKER_ENVIRONMENT, ...process.env, ...folder });
    } catch (error) {
      // no memory for a process at the moment
      this.startWorkerLater();
      throw error;
    }
  }

  private startWorkerLater(): void {
    setTimeout(() => {
      if (!this.stopping) this.startWorker().catch((error: unknown) => this.logger.error({ err: error }));
    }, RESTART_DELAY_MS).unref();
  }

  private async stopWorker(worker: Worker, limit: number): Promise<void> {
    const exited = once(worker, 'exit');
    this.tell(worker, { kind: 'stop' });
    const killer = setTimeout(() => worker.process.kill('SIGKILL'), limit + KILL_DELAY_MS);
    await exited;
    clearTimeout(killer);
  }

  private receive(worker: Worker, message: WorkerMessage, replies: Mailbox<PrimaryMessage>): void {
    switch (message.kind) {
      case 'shutdown':
      case 'reset':
        return this.end(message.kind);
      case 'applied':
        return this.applied(worker, message.id);
      case 'submit':
      case 'set':
      case 'metrics':
      case 'room-wanted':
        void this.answer(message, replies);
    }
  }

  private async answer(request: WorkerRequest, replies: Mailbox<PrimaryMessage>): Promise<void> {
    try {
      replies.post({ kind: 'reply', id: request.id, result: await this.perform(request) });
    } catch (error) {
      this.logger.error({ err: error }, `A request of a worker failed: ${request.kind}`);
      const failure = failureOf(error);
      replies.post({ kind: 'failure', id: request.id, error: failure });
    }
  }

  private perform(request: WorkerRequest): Promise<unknown> {
    switch (request.kind) {
      case 'submit':
        return this.log.submitSerialized(request.bodies);
      case 'set':
        return this.set({ ...this.values, [request.name]: request.value });
      case 'metrics':
        return this.metrics.clusterMetrics();
      case 'room-wanted':
        return this.owners.makeRoom(request.wanted);
    }
  }

  /** Has every worker apply the values; resolves when all have. */
  private set(values: RuntimeValues): Promise<void> {
    this.values = values;
    applyLogLevel(this.logger, values);
    const id = ++this.lastApply;
    return new Promise((resolve) => {
      this.applying.set(id, { missing: new Set(this.workers), done: resolve });
      for (const worker of this.workers) this.tell(worker, { kind: 'apply', id, values });
    });
  }

  private applied(worker: Worker, id: number): void {
    const entry = this.applying.get(id);
    entry?.missing.delete(worker);
    if (!entry || entry.missing.size > 0) return;
    this.applying.delete(id);
    entry.done();
  }

  private tell(worker: Worker, message: PrimaryMessage): void {
    send(worker, [message]);
  }
}

function brokenOff(): never {
  throw new Error('The start was broken off');
}

/** @throws CannotListen */
async function expectPort({ HttpServerEnabled, HttpPort }: AnnalConfiguration): Promise<void> {
  if (HttpServerEnabled) await expectFree(HttpPort);
}

/** Until when jobs are forgotten. */
async function lastRun({ config }: DatabaseServer, logger: Logger): Promise<Date | undefined> {
  const end = await endOfLastRun(config);
  if (!end) logger.warn('Jobs are not forgotten, as other servers of this archive run them');
  return end;
}

function send(worker: Worker, messages: readonly PrimaryMessage[]): void {
  if (worker.isConnected()) worker.send(messages, () => undefined);
}

const KNOWN_FAILURES: ReadonlySet<string> = new Set([
  'AppendRefused',
  'AppendUnknown',
  'EventTooLarge',
  'NotYetVisible',
]);

function failureOf(error: unknown): Failure {
  const { name, message, positions } = error as Failure;
  return { name: KNOWN_FAILURES.has(name) ? name : 'Error', message, ...(positions && { positions }) };
}
