import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TestFeed, upTo } from '../../libs/platform/src/changes-relay/testing/test-feed.js';
import { TransactionalProducer } from '../../libs/platform/src/kafka/transactional-producer.js';
import { pythonWithPackages } from '../setup/python/interpreter.js';
import { kafkaClient, uniqueName } from '../support/kafka/client.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { kafkaJars } from '../support/kafka/test-kafka.js';
import { until } from '../support/processes.js';

const EXAMPLES = join(import.meta.dirname, '../../examples/changes');

const java = (await kafkaJars()) ?? '';
const python = await pythonWithPackages().catch((error: Error) => missing('Python', error.message));
/** How each example is run; undefined where its runtime is not here. */
const RUNTIMES: readonly (readonly [name: string, command: readonly string[] | undefined])[] = [
  ['Node', [process.execPath, join(EXAMPLES, 'consumer.mjs')]],
  ['Python', python === undefined ? undefined : [python, join(EXAMPLES, 'consumer.py')]],
  [
    'Java',
    java !== '' && succeeds('java', ['--describe-module', 'jdk.compiler'])
      ? ['java', '-XX:TieredStopAtLevel=1', '-cp', join(java, '*'), join(EXAMPLES, 'Consumer.java')]
      : missing('Java', 'A JDK of Java 17 or newer is needed'),
  ],
];

describeWithKafka('The example of a consumer of changes', (kafka) => {
  let feed: TestFeed;
  let folder: string;
  let place: string;
  const running: Example[] = [];
  beforeEach(async () => {
    feed = await TestFeed.open(kafka);
    folder = mkdtempSync(join(tmpdir(), 'annal-example-'));
    place = join(folder, 'place');
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((example) => example.kill()));
    await feed.close();
    rmSync(folder, { recursive: true });
  });

  const run = (command: readonly string[], group?: string): Example => {
    const example = new Example([
      ...command,
      kafka.brokers.join(','),
      feed.options.topic,
      place,
      ...(group ? [group] : []),
    ]);
    running.push(example);
    return example;
  };
  /** Publishes changes behind a transaction that is aborted. */
  const publish = async (count: number, last: number): Promise<void> => {
    const { connection, topic } = feed.options;
    if (last > count) {
      const lost = await TransactionalProducer.fence(connection, `${topic}.relay`);
      await lost.send(topic, [{ key: 'x', value: Buffer.from('not committed'), headers: {} }]);
      await lost.close();
    }
    await feed.append(count);
    const relay = feed.start();
    await feed.reached(last);
    await relay.close();
  };

  for (const [name, command] of RUNTIMES) {
    (command ? it : it.skip)(
      `in ${name} prints each committed change once over a kill, and says which ones are gone`,
      async () => {
        await publish(10, 10);
        await publish(5, 15);
        const first = run(command!);
        await first.printed(upTo(15));
        await until(() => existsSync(place) && readFileSync(place, 'utf8') === '15');
        await first.kill();
        await publish(5, 20);
        // a group of another name begins at the beginning
        const second = run(command!, uniqueName('group'));
        await second.printed(upTo(20, 16));
        await until(() => readFileSync(place, 'utf8') === '20');
        await second.kill();
        await removeUpTo(kafka, feed.options.topic, 5);
        rmSync(place);
        writeFileSync(place, '2');
        const third = run(command!, uniqueName('group'));
        await third.printed(upTo(20, 6));
        expect(third.errors).toContain('Seq 3 to 5 are gone');
      },
    );
  }
});

/** A running example. */
class Example {
  errors = '';
  private readonly lines: string[] = [];
  private readonly child: ChildProcess;

  constructor([program, ...args]: readonly string[]) {
    this.child = spawn(program!, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    createInterface(this.child.stdout!).on('line', (line) => this.lines.push(line));
    this.child.stderr!.on('data', (text) => (this.errors += String(text)));
  }

  /** Resolves when so many lines are printed, and expects them to be of these changes. */
  async printed(numbers: readonly number[]): Promise<void> {
    await until(() => this.lines.length >= numbers.length || this.child.exitCode !== null, 60_000);
    expect(this.lines.map((line) => Number(line.split(' ')[0]))).toEqual(numbers);
    for (const line of this.lines) expect(line).toMatch(/^\d+ New(Instance|Series|Study|Patient) \w+ [0-9a-f-]{44}$/);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** Removes the first changes of a topic, as a broker does in the course of time. */
async function removeUpTo(kafka: { brokers: readonly string[] }, topic: string, seq: number): Promise<void> {
  const admin = kafkaClient(kafka).admin();
  await admin.connect();
  try {
    await admin.fetchTopicOffsets(topic);
    // offsets begin at 0, Seq at 1, and the first transaction has no gap
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(seq) }] });
  } finally {
    await admin.disconnect();
  }
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @throws in CI */
function missing(name: string, reason: string): undefined {
  const message = `The example of a consumer in ${name} DID NOT RUN: ${reason}`;
  if (process.env.CI === 'true') throw new Error(message);
  process.stderr.write(`\n${message}\n\n`);
}
