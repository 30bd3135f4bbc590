import { type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kafkaJars } from '../../test/setup/kafka/jars.js';
import { formatFolder, spawnBroker } from '../../test/support/kafka/jvm.js';
import { serverProperties } from '../../test/support/kafka/server-properties.js';
import type { Places } from './places.js';
import { type Running, runningProgram } from './running.js';

/** Starts a Kafka of one node, whose topics stay from start to start. */
export async function launchKafka({ directory, logs, pids, ports }: Places): Promise<Running> {
  const folder = join(directory, 'kafka');
  const data = join(folder, 'data');
  const properties = join(folder, 'server.properties');
  const jars = await kafkaJars();
  await mkdir(folder, { recursive: true });
  const { kafka: port, controller } = ports;
  const advertised = `127.0.0.1:${port}`;
  await writeFile(
    properties,
    serverProperties(data, controller, [{ name: 'PLAIN', protocol: 'PLAINTEXT', port, advertised }], {}),
  );
  if (!existsSync(join(data, 'meta.properties'))) await formatFolder(jars, properties, []);
  const log = createWriteStream(join(logs, 'kafka.log'), { flags: 'a' });
  let broker: ChildProcess | undefined;
  const ready = spawnBroker(
    jars,
    properties,
    (line) => log.write(`${line}\n`),
    (child) => (broker = child.once('close', () => log.end())),
  );
  return runningProgram('kafka', broker!, ready, pids);
}
