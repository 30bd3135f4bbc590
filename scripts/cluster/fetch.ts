import { kafkaJars } from '../../test/setup/kafka/jars.js';
import { builtServer } from '../../test/support/s3/built-server.js';

/** Gets what the cluster runs beside Annal, where it is not here yet; what is wrong is told in a line. */
try {
  await kafkaJars();
  await builtServer();
} catch (error) {
  process.stderr.write(`annal: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
