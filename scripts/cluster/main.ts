import { Cluster } from './cluster.js';
import { guide } from './guide.js';
import { readOptions, USAGE } from './options.js';
import { expectFree, placesFor } from './places.js';
import { say } from './say.js';
import { chooseStorage } from './storage.js';

/** Runs the cluster until a signal; the exit status is 0 then, and 1 when it does not start. */
async function main(): Promise<number> {
  const places = placesFor(readOptions(process.argv.slice(2)));
  await expectFree(places);
  const gateway = await chooseStorage(places.directory);
  const cluster = new Cluster(places, gateway);
  const told = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => done());
  });
  say(`what the programs write is in ${places.logs}`);
  try {
    say('starting PostgreSQL, Kafka, the storage, two servers and two projectors');
    const started = cluster.start().then(() => {
      process.stdout.write(guide(places, cluster.postgres.url, gateway !== undefined));
    });
    await Promise.race([told, started.then(() => told)]);
    say('stopping');
  } finally {
    await cluster.stop();
  }
  return 0;
}

try {
  process.exit(await main());
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  say(message);
  if (code?.startsWith('ERR_PARSE_ARGS')) say(`usage: ${USAGE}`);
  process.exit(1);
}
