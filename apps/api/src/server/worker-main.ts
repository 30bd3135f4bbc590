import 'reflect-metadata';
import { DicomDictionary } from '@annal/dicom';
import {
  type AnnalConfiguration,
  attachEventLog,
  createLogger,
  dictionaryOptions,
  openBlobStore,
  openPool,
  openVault,
  PostgresJobLeases,
  PostgresResourceLookup,
  PostgresStorageQuota,
  ProcessLock,
  storageLimits,
} from '@annal/platform';
import { createHttpApp } from '../http/app.js';
import { MemoryKeeper } from '../load/memory-keeper.js';
import { applyLogLevel } from './log-level.js';
import type { PrimaryMessage } from './messages.js';
import { listen } from './listening.js';
import { OwnWriter } from './own-writer.js';
import { PrimaryLink } from './primary-link.js';
import { SharedSettings } from './shared-settings.js';

const POOL_SIZE = 8;

/** What a started worker does when the primary says so. */
interface RunningWorker {
  apply(message: Extract<PrimaryMessage, { kind: 'apply' }>): void;
  stop(): Promise<void>;
}

/** An HTTP worker: serves requests, and writes the log or has the primary do so. It ends when the channel to the primary closes. */
async function run(start: Extract<PrimaryMessage, { kind: 'start' }>, link: PrimaryLink): Promise<RunningWorker> {
  const { configuration, database, values } = start;
  const logger = createLogger(start.log, 'worker');
  const settings = new SharedSettings(link, values);
  const pool = openPool(database, 'worker', POOL_SIZE);
  const blobStore = await openBlobStore(configuration, false);
  const vault = openVault(configuration, database, blobStore, logger);
  // with a log in Kafka, what is appended may be folded long after this process
  const lock = configuration.Annal.EventLog.Kind === 'postgres' ? new ProcessLock(database) : undefined;
  const eventLog = attachEventLog(configuration, database, start.logId, vault.open);
  const jobLeases = new PostgresJobLeases(database, start.server);
  const app = await createHttpApp({
    configuration,
    pool,
    eventWriter: start.writesLog ? new OwnWriter(eventLog) : link,
    eventLog,
    blobStore,
    vault,
    run: start.server,
    jobLeases,
    jobsForgottenBefore: start.jobsForgottenBefore,
    resourceLookup: new PostgresResourceLookup(pool),
    storageQuota: quota(configuration, pool, lock, link),
    runtimeSettings: settings,
    serverControl: { shutdown: () => link.tell({ kind: 'shutdown' }), reset: () => link.tell({ kind: 'reset' }) },
    metricsSource: { text: () => link.request('metrics', {}) },
    logger,
    dictionary: new DicomDictionary(dictionaryOptions(configuration)),
  });
  if (configuration.HttpServerEnabled) {
    await listen(app, configuration.HttpPort, start.sharesPort).catch((error: Error) => {
      link.tell({ kind: 'cannot-listen', message: error.message });
      throw error;
    });
  }
  link.tell({ kind: 'listening' });
  const memory = new MemoryKeeper();
  return {
    apply: ({ id, values: changed }) => {
      settings.apply(changed);
      applyLogLevel(logger, changed);
      link.tell({ kind: 'applied', id });
    },
    stop: async () => {
      memory.close();
      // who has not sent the whole request by then is cut off, and what there is of it cleared away
      const { ShutdownTimeout } = configuration.Annal.Limits;
      setTimeout(() => app.getHttpServer().closeAllConnections(), ShutdownTimeout * 1000).unref();
      await app.close();
      await eventLog.close();
      await jobLeases.close();
      await vault.close();
      await blobStore.close();
      await lock?.close();
      await pool.end();
    },
  };
}

function quota(
  configuration: AnnalConfiguration,
  pool: ReturnType<typeof openPool>,
  lock: ProcessLock | undefined,
  link: PrimaryLink,
): PostgresStorageQuota {
  const { MaximumStorageMode: mode, Annal } = configuration;
  return new PostgresStorageQuota(
    pool,
    lock,
    { ...storageLimits(configuration), mode, timeout: Annal.Limits.RecyclingTimeout * 1000 },
    (wanted) => link.request('room-wanted', { wanted }),
  );
}

// Ctrl-C reaches the whole process group; the primary decides when a worker ends
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined);
process.on('disconnect', () => process.exit(1));
const link = new PrimaryLink(process);
let running: Promise<RunningWorker> | undefined;
let started = false;
process.on('message', (messages: unknown) => {
  // other messages on the channel are those that gather metrics
  if (Array.isArray(messages)) for (const message of messages as PrimaryMessage[]) receive(message);
});

function receive(message: PrimaryMessage): void {
  if (link.settle(message)) return;
  switch (message.kind) {
    case 'start':
      running = run(message, link);
      running.then(() => (started = true), cannotStart);
      return;
    case 'apply':
      void running?.then((worker) => worker.apply(message));
      return;
    case 'stop':
      if (!started) process.exit(0);
      void running?.then((worker) => worker.stop()).finally(() => process.exit(0));
  }
}

function cannotStart(error: unknown): never {
  process.stderr.write(`A worker cannot start: ${String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
