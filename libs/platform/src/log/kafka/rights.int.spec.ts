import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BEGINNING } from '@annal/domain';
import { type AclEntry, AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from 'kafkajs';
import type { KafkaBroker } from '../../../../../test/support/kafka/broker.js';
import { kafkaClient } from '../../../../../test/support/kafka/client.js';
import { describeWithOwnBroker } from '../../../../../test/support/kafka/describe-with-own-broker.js';
import { unsignedToken } from '../../../../../test/support/kafka/security.js';
import { storedEvent } from '../../../../../test/support/stored-event.js';
import { TestFeed, upTo } from '../../changes-relay/testing/test-feed.js';
import type { AnnalConfiguration } from '../../config/index.js';
import { TemporaryConfiguration } from '../../config/testing/temporary-configuration.js';
import { KafkaPartition } from '../../kafka/kafka-partition.js';
import { attachEventLog, openControlLog, openEventLog } from '../open-event-log.js';
import { kafkaLogOptions } from './kafka-settings.js';

const DOCUMENT = join(import.meta.dirname, '../../../../../docs/operations.md');
const AUTHORIZED = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
};
const RESOURCES: Readonly<Record<string, AclResourceTypes>> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
};
const OPERATIONS: Readonly<Record<string, AclOperationTypes>> = {
  Create: AclOperationTypes.CREATE,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
};
const event = (instance: string): ReturnType<typeof storedEvent> =>
  storedEvent({ patient: 'P', study: '1', series: '2', instance });

/** The rights that operators are told to give. */
function documented(): AclEntry[] {
  const commands = readFileSync(DOCUMENT, 'utf8').matchAll(/^allow (User:\S+) --(\S+) (\S+) (.+)$/gm);
  return [...commands].flatMap(([, principal, resource, resourceName, rest]) =>
    [...rest!.matchAll(/--operation (\w+)/g)].map(([, operation]) => ({
      principal: principal!,
      host: '*',
      permissionType: AclPermissionTypes.ALLOW,
      operation: OPERATIONS[operation!]!,
      resourceType: RESOURCES[resource!]!,
      resourceName: resourceName!,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    })),
  );
}

describeWithOwnBroker('With the rights in Kafka that are documented', (start) => {
  let broker: KafkaBroker;
  let feed: TestFeed;
  let files: TemporaryConfiguration;
  beforeAll(async () => {
    broker = await start({ login: { username: 'nobody', password: 'nothing' }, properties: AUTHORIZED });
    files = new TemporaryConfiguration();
    const admin = kafkaClient(broker).admin();
    await admin.connect();
    await admin.createAcls({ acl: documented() });
    await admin.disconnect();
    feed = await TestFeed.open(broker);
  });
  afterAll(async () => {
    await feed?.close();
    files?.remove();
    await broker?.remove();
  });

  const as = (user: string): AnnalConfiguration => {
    const TokenFile = files.write(user, unsignedToken(user, 600));
    const { configuration } = files.loadContent({
      Annal: {
        Database: { Url: feed.database.url },
        EventLog: {
          Kind: 'kafka',
          Brokers: [broker.sasl],
          DevelopmentBroker: true,
          Sasl: { Mechanism: 'oauthbearer', TokenFile },
        },
        Limits: { WriterTimeout: 60 },
      },
    });
    return configuration!;
  };

  it.each(['api', 'projector'])('a process of the role %s begins, writes and reads the log', async (role) => {
    const log = await openEventLog(as(role), feed.database.connection);
    const stored = event(role);
    await log.append([stored]);
    expect((await log.read(BEGINNING, 10)).map(({ id }) => id)).toContain(stored.id);
    await log.close();
  });

  it('a projector reads decisions, and publishes changes that a consumer reads', async () => {
    const configuration = as('projector');
    const control = openControlLog(configuration, feed.database.connection);
    expect(await control.skips()).toEqual([]);
    await control.close();
    const topic = configuration.Annal.EventLog.ChangesTopic;
    await feed.append(3);
    feed.start(undefined, { topic, connection: kafkaLogOptions(configuration).connection });
    await feed.reached(3, topic);
    expect(await consumed(topic, 3)).toEqual(upTo(3));
  });

  it('an operator looks at events and skips one, but writes none', async () => {
    const log = attachEventLog(as('operator'), feed.database.connection, 'any');
    const control = openControlLog(as('operator'), feed.database.connection);
    expect((await log.read(BEGINNING, 10)).length).toBeGreaterThan(0);
    const time = new Date().toISOString();
    await control.skip({ offset: 1, eventId: event('x').id, reason: 'test', actor: { protocol: 'system' }, time });
    expect(await control.skips()).toMatchObject([{ offset: 1 }]);
    await Promise.all([log.close(), control.close()]);
    const { connection, topic } = kafkaLogOptions(as('operator'));
    const partition = new KafkaPartition(connection, topic);
    const record = { key: null, value: Buffer.from('{}'), headers: {} };
    await expect(partition.send([record], 5000)).rejects.toThrow(/not authorized/i);
    await partition.close();
  });

  const consumed = async (topic: string, count: number): Promise<number[]> => {
    const oauthBearerProvider = async (): Promise<{ value: string }> => ({ value: unsignedToken('consumer', 600) });
    const sasl = { mechanism: 'oauthbearer' as const, oauthBearerProvider };
    const consumer = kafkaClient({ brokers: [broker.sasl] }, { sasl }).consumer({ groupId: 'dashboard' });
    await consumer.connect();
    try {
      await consumer.subscribe({ topic, fromBeginning: true });
      const numbers: number[] = [];
      await new Promise<void>((done, fail) => {
        consumer.on(consumer.events.CRASH, ({ payload }) => void (payload.restart || fail(payload.error)));
        const eachMessage = async ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
          numbers.push((JSON.parse(String(message.value)) as { Seq: number }).Seq);
          if (numbers.length === count) done();
        };
        consumer.run({ eachMessage }).catch(fail);
      });
      return numbers;
    } finally {
      await consumer.disconnect();
    }
  };
});
