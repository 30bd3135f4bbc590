import { provideKafka } from './kafka.mjs';
import { providePostgres } from './postgres.mjs';

/** Before a jest run: gets ready to start the servers that its tests ask for. */
export default async function setup() {
  globalThis.stopTestServers = await Promise.all([providePostgres(), provideKafka()]);
}
