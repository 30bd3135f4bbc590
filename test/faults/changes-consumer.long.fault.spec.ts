import { upTo } from '../../libs/platform/src/changes-relay/testing/test-feed.js';
import { uploadAll } from '../support/clients.js';
import type { KafkaBroker } from '../support/kafka/broker.js';
import { ChangesFollower } from '../support/kafka/changes-follower.js';
import { describeWithOwnBroker } from '../support/kafka/describe-with-own-broker.js';
import { expectPublishedOnce, type KafkaArchive, startKafkaArchive } from '../support/kafka/kafka-archive.js';
import { ProjectorServer } from '../support/kafka/projector-server.js';
import { transactionTimeout } from '../support/kafka/transaction-timeout.js';
import { isRunning } from '../support/processes.js';
import { type SampleFile, sampleFiles } from '../support/sample-study.js';

const CLIENTS = 4;
/** Of the changes of 1 patient, 2 studies, 4 series and 40 instances. */
const CHANGES = 47;
const files = (name: string): SampleFile[] => sampleFiles(name, { patients: 1, studies: 2, series: 2, instances: 10 });

describeWithOwnBroker('Who follows the published changes gets each once and in order', (startBroker) => {
  let broker: KafkaBroker;
  let archive: KafkaArchive;
  let follower: ChangesFollower | undefined;
  /** The one that folds and publishes, and the one that stands by. */
  let projectors: [ProjectorServer, ProjectorServer];
  let last: number;

  beforeAll(async () => {
    broker = await startBroker();
    archive = await startKafkaArchive(broker, undefined, { StableAge: 3600, Annal: { Roles: ['api'] } });
    const first = await ProjectorServer.start(archive.server);
    await first.is('folding');
    projectors = [first, await ProjectorServer.start(archive.server)];
    await uploadAll(archive.server, files('A'), CLIENTS);
    last = CHANGES;
    await archive.published();
    follower = await ChangesFollower.start(broker, archive.changesTopic);
  }, 240_000);
  afterEach(async () => {
    for (const projector of projectors) projector.signal('SIGCONT');
    if (!isRunning(broker.pid)) await broker.restart();
  });
  afterAll(async () => {
    await follower?.close();
    await Promise.all((projectors ?? []).map((projector) => projector.end('SIGKILL')));
    await archive?.close();
    await broker?.remove();
  }, 120_000);

  /** Uploads files while something happens as soon as some of their changes have come to the consumer. */
  async function uploadWhile(name: string, happens: () => Promise<void>): Promise<void> {
    const uploading = uploadAll(archive.server, files(name), CLIENTS);
    await follower!.reached(last + 10);
    await Promise.all([uploading, happens()]);
    last += CHANGES;
    await follower!.reached(last);
    expect(follower!.numbers).toEqual(upTo(last));
    await expectPublishedOnce(broker, archive);
  }
  const swap = (): void => void (projectors = [projectors[1], projectors[0]]);

  it('while the process that publishes is killed, and another takes its place', async () => {
    for (const name of ['K', 'L']) {
      await uploadWhile(name, async () => {
        await projectors[0].end('SIGKILL');
        await projectors[1].is('folding');
      });
      await projectors[0].run();
      swap();
    }
  });

  it('while the broker is killed, and comes back', async () => {
    await uploadWhile('M', async () => {
      await broker.kill();
      await broker.restart();
    });
  });

  it('while the broker is stopped in order, and comes back', async () => {
    await uploadWhile('N', async () => {
      await broker.stop();
      await broker.restart();
    });
  });

  it('while the process that publishes is stopped for longer than transactions may last, and goes on beside its successor', async () => {
    await uploadWhile('O', async () => {
      projectors[0].signal('SIGSTOP');
      await projectors[1].is('folding');
      await transactionTimeout(broker);
      projectors[0].signal('SIGCONT');
      swap();
    });
    await uploadWhile('P', async () => undefined);
  });
});
