import { type KafkaConfig, type SASLOptions } from 'kafkajs';
import { type KafkaBroker } from './broker.js';
import { createTopic, kafkaClient } from './client.js';
import { describeWithOwnBroker } from './describe-with-own-broker.js';
import { readTopic, send } from './records.js';
import { unsignedToken } from './security.js';

const login = { username: 'annal', password: 'correct-horse' };

describeWithOwnBroker('A broker with TLS and logins', (start) => {
  let broker: KafkaBroker;
  let topic: string;
  beforeAll(async () => {
    broker = await start({ login });
    topic = await createTopic(broker);
  });
  afterAll(() => broker?.remove());

  const exchange = async (address: string, options: Partial<KafkaConfig>): Promise<void> => {
    const kafka = { brokers: [address] };
    const client = kafkaClient(kafka, options);
    const topic = await createTopic(broker);
    await send(kafka, topic, ['value'], client);
    expect(await readTopic(kafka, topic, client)).toEqual(['value']);
  };
  const connect = async (address: string, options: Partial<KafkaConfig>): Promise<void> => {
    const admin = kafkaClient({ brokers: [address] }, { retry: { retries: 0 }, ...options }).admin();
    try {
      await admin.connect();
      await admin.fetchTopicOffsets(topic);
    } finally {
      await admin.disconnect();
    }
  };
  const token = (seconds: number): SASLOptions => ({
    mechanism: 'oauthbearer',
    oauthBearerProvider: async () => ({ value: unsignedToken('annal', seconds) }),
  });

  it('is reached with TLS by who trusts its certificate', async () => {
    await exchange(broker.tls, { ssl: { ca: broker.certificate } });
    await expect(connect(broker.tls, { ssl: true })).rejects.toThrow(/self-signed/);
  });

  const mechanisms: [string, SASLOptions, SASLOptions][] = [
    ['PLAIN', { mechanism: 'plain', ...login }, { mechanism: 'plain', ...login, password: 'wrong' }],
    ['SCRAM', { mechanism: 'scram-sha-512', ...login }, { mechanism: 'scram-sha-512', ...login, password: 'wrong' }],
    ['OAUTHBEARER', token(600), token(-600)],
  ];
  it.each(mechanisms)('lets in who logs in by %s, and nobody else', async (_name, right, wrong) => {
    await exchange(broker.sasl, { sasl: right });
    await exchange(broker.saslTls, { sasl: right, ssl: { ca: broker.certificate } });
    // kafkajs does not read that a token is refused, and goes on until the broker says that it is not logged in
    await expect(connect(broker.sasl, { sasl: wrong })).rejects.toThrow(/authentication failed|SASL state/i);
  });
});
