import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const LOG_SETTINGS = resolve(import.meta.dirname, '../../setup/kafka/log4j2.properties');
const START_TIMEOUT_MS = 90_000;
/** Little memory, and started soon rather than fast in the end. */
const OPTIONS = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'];

/** Gives a folder the form that a broker wants. @throws with what Kafka's tool said */
export async function formatFolder(jars: string, properties: string, further: readonly string[]): Promise<void> {
  const cluster = 'YW5uYWwtdGVzdC1rYWZrYQ';
  const args = ['kafka.tools.StorageTool', 'format', '--cluster-id', cluster, '--config', properties, ...further];
  await execute('java', [...javaOptions(jars), ...args]);
}

/**
 * Starts a broker.
 * @param log takes what it writes
 * @returns once it serves clients
 * @throws when it ends before, with what it wrote
 */
export async function spawnBroker(
  jars: string,
  properties: string,
  log: (line: string) => void,
  begun: (child: ChildProcess) => void,
): Promise<void> {
  const child = spawn('java', [...javaOptions(jars), 'kafka.Kafka', properties], {
    // a signal for the group of the tests, as from a terminal, must not reach it: the watchdog ends it
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  begun(child);
  const written: string[] = [];
  const started = new Promise<void>((done) => {
    const read = (line: string): void => {
      written.push(line);
      log(line);
      if (line.endsWith('Kafka Server started')) done();
    };
    for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', read);
  });
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const ended = once(child, 'close', { signal }).then(
    ([code, signalName]) => new Error(`Kafka ended (${signalName ?? code}): ${written.join('\n')}`),
    (error: Error) => new Error(`Kafka is not ready (${error.message}): ${written.join('\n')}`),
  );
  const failure = await Promise.race([started, ended]);
  if (failure) throw failure;
}

/**
 * Starts what ends a broker and removes its folder if this process is killed: a shell that reads until the pipe closes.
 * @param pidFile has the broker's process id while it runs
 */
export function spawnWatchdog(folder: string, pidFile: string): ChildProcess {
  const script = 'cat > /dev/null; [ -f "$1" ] && kill -9 "$(cat "$1")"; rm -rf "$2"';
  return spawn('/bin/sh', ['-c', script, 'kafka-watchdog', pidFile, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

function javaOptions(jars: string): string[] {
  return [...OPTIONS, `-Dlog4j2.configurationFile=${LOG_SETTINGS}`, '-cp', join(jars, '*')];
}
