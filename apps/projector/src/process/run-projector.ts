import { ANNAL_VERSION, type AnnalConfiguration, createLogger, type LogOptions, logSettings } from '@annal/platform';
import { ProjectorProcess } from './projector-process.js';

/** A stop that takes longer than what is under way may take, ms, is ended all the same. */
const PATIENCE = 5000;

/** Runs a projector until somebody ends it. */
export async function runProjector(configuration: AnnalConfiguration, log: LogOptions): Promise<number> {
  const logger = createLogger(logSettings(log), 'projector');
  let started = false;
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // what a rebuild has done so far is thrown away, and harms nobody
        if (!started) process.exit(0);
        resolve();
      });
    }
  });
  const projector = await ProjectorProcess.start(configuration, logger);
  started = true;
  const { HttpServerEnabled, SslEnabled, HttpPort } = configuration;
  const where = HttpServerEnabled ? `listens on ${SslEnabled ? 'https' : 'http'}://localhost:${HttpPort}/` : 'runs';
  process.stdout.write(`Annal ${ANNAL_VERSION}, a projector, ${where}\n`);
  await interrupted;
  // the database, or Kafka, may not answer any more
  const limit = configuration.Annal.Limits.ShutdownTimeout * 1000 + PATIENCE;
  setTimeout(() => process.exit(1), limit).unref();
  await projector.stop();
  return 0;
}
