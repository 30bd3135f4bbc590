import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  ANNAL_VERSION,
  type AnnalConfiguration,
  configurationFor,
  defaultConfigurationFile,
  HELP,
  parseCommandLine,
  type ServerCommand,
  startsProjectorAlone,
} from '@annal/platform';
import { describeErrors } from './cli/describe-errors.js';
import type { Ending } from './server/primary.js';
import { Signals } from './server/signals.js';

const WORKER = fileURLToPath(new URL('./server/worker-main.js', import.meta.url));
/** How long a start that is broken off has to stop the database, milliseconds. */
const BREAK_OFF_MS = 20_000;
/** The other program of this repository. */
const PROJECTOR = new URL('../../projector/src/main.js', import.meta.url);

/** Runs what the command line asks for; resolves with the exit status. */
async function main(): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  switch (command.command) {
    case 'help':
      return print(HELP);
    case 'version':
      return print(`annal ${ANNAL_VERSION}\n`);
    case 'errors':
      return print(describeErrors());
    case 'write-configuration':
      return write(command.file, defaultConfigurationFile());
    case 'write-openapi': {
      const { openApiDocument } = await import('./cli/open-api-document.js');
      return write(command.file, `${JSON.stringify(await openApiDocument(), null, 2)}\n`);
    }
    case 'refuse':
      return refuse(command.message);
    case 'rebuild':
    case 'events':
      return refuse(`${command.command} is a command of its own: bin/annal ${command.command}`);
    case 'serve': {
      if (startsProjectorAlone(command)) return becomeProjector();
      const signals = new Signals();
      let ending: Ending;
      do {
        const configuration = configurationFor(command);
        if (!configuration) return 1;
        ending = await serve(configuration, command, signals);
      } while (ending === 'reset' && !signals.isEnding);
      return 0;
    }
  }
}

/** Runs the other program in this process, whose id is the one that was started; it ends the process itself. */
async function becomeProjector(): Promise<never> {
  await import(PROJECTOR.href);
  return new Promise(() => undefined);
}

/** Runs the server until somebody ends it. */
async function serve(
  configuration: AnnalConfiguration,
  { log, resumeJobs }: ServerCommand,
  signals: Signals,
): Promise<Ending> {
  // what only a server needs takes time and memory
  const { Primary } = await import('./server/primary.js');
  const starting = Primary.start(configuration, log, WORKER, resumeJobs, signals.shutdown).catch((error: unknown) => {
    if (!signals.isEnding) throw error;
  });
  const tooLate = signals.shutdown.then(() => delay(BREAK_OFF_MS, undefined, { ref: false }));
  const primary = await Promise.race([starting, tooLate]);
  if (!primary) return 'shutdown';
  announce(configuration);
  const ending = await Promise.race([primary.ending, signals.next()]);
  await primary.stop();
  return ending;
}

function announce({
  HttpServerEnabled,
  HttpPort,
  SslEnabled,
  StorageDirectory,
  IndexDirectory,
  Annal,
}: AnnalConfiguration): void {
  const { Kind, S3 } = Annal.Storage;
  const files = Kind === 's3' ? `the bucket ${S3.Bucket}` : StorageDirectory;
  const where = HttpServerEnabled ? `listens on ${SslEnabled ? 'https' : 'http'}://localhost:${HttpPort}/` : 'runs';
  const index = Annal.Database.Url === undefined ? IndexDirectory : 'the configured database';
  print(`Annal ${ANNAL_VERSION} ${where}\n  DICOM files: ${files}\n  index: ${index}\n`);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function write(file: string, text: string): number {
  if (file === '-') return print(text);
  writeFileSync(file, text);
  return 0;
}

function refuse(message: string): number {
  process.stderr.write(`annal: ${message}\n`);
  return 1;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`annal: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
