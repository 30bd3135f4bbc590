/** A program (folder, grace in seconds): runs the embedded PostgreSQL, says where, and stays until it is killed. */
import { startEmbeddedPostgres } from '../index.js';

const [directory = '', orphanGrace] = process.argv.slice(2);
const { pid, connection } = await startEmbeddedPostgres({
  directory,
  durable: false,
  orphanGrace: Number(orphanGrace),
  logger: { info: () => undefined, warn: () => undefined },
});
process.stdout.write(`${JSON.stringify({ pid, connection })}\n`);
setInterval(() => undefined, 60_000);
