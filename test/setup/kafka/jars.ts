import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../cached-folder.js';
import { runProgram } from '../run-program.js';

const POM = join(import.meta.dirname, 'pom.xml');

/**
 * The folder with the jars of a Kafka broker; Maven fetches them the first time.
 * @throws when there is no Java, or there are no jars yet and Maven cannot fetch them
 */
export async function kafkaJars(): Promise<string> {
  await runProgram('java', ['-version'], 'Java 17 or newer');
  const version = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 16);
  return cachedFolder('annal-kafka', version, async (folder) => {
    const options = ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
    await runProgram('mvn', options, "Maven with access to Kafka's jars");
  });
}
