import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const POM = join(import.meta.dirname, 'pom.xml');
const CACHE = resolve(import.meta.dirname, '../../../node_modules/.cache/annal-kafka');

/**
 * The folder with the jars of a Kafka broker; Maven fetches them the first time.
 * @throws when there is no Java, or there are no jars yet and Maven cannot fetch them
 */
export async function kafkaJars(): Promise<string> {
  await run('java', ['-version'], 'Java 17 or newer');
  const version = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 16);
  const folder = join(CACHE, version);
  if (existsSync(folder)) return folder;
  // complete or not there at all, also if another run fetches them at the same time
  const unfinished = join(CACHE, `${version}.${randomUUID()}`);
  await mkdir(unfinished, { recursive: true });
  try {
    const options = ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${unfinished}`];
    await run('mvn', options, "Maven with access to Kafka's jars");
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Runs a program; fails with what it said if it fails. */
async function run(program: string, args: readonly string[], need: string): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | string | null>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`${need} is needed, but ${program} failed (${code}) ${output.slice(-2000)}`.trim());
}
