import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { BEGINNING } from '@annal/domain';
import { makeCertificate, type TestCertificate } from '../../../../../test/support/certificate.js';
import { uniqueName } from '../../../../../test/support/kafka/client.js';
import type { KafkaBroker } from '../../../../../test/support/kafka/broker.js';
import { describeWithOwnBroker } from '../../../../../test/support/kafka/describe-with-own-broker.js';
import { unsignedToken } from '../../../../../test/support/kafka/security.js';
import { storedEvent } from '../../../../../test/support/stored-event.js';
import { TemporaryConfiguration } from '../../config/testing/temporary-configuration.js';
import { migrate } from '../../postgres/migrate.js';
import { openTestDatabase, type TestDatabase } from '../../postgres/testing/test-database.js';
import { openControlLog, openEventLog } from '../open-event-log.js';

const login = { username: 'annal', password: 'correct-horse' };
const CLIENT = { ClientId: 'archive one', ClientSecret: 's3:cret' };

describeWithOwnBroker('The log in Kafka with TLS and logins, as they are configured', (start) => {
  let broker: KafkaBroker;
  let database: TestDatabase;
  let files: TemporaryConfiguration;
  let tokens: Server;
  let client: TestCertificate;
  let asked: string[] = [];
  beforeAll(async () => {
    client = makeCertificate();
    const properties = {
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': client.file,
      'listener.name.tls.ssl.client.auth': 'required',
    };
    broker = await start({ login, properties });
    database = await openTestDatabase();
    await migrate(database.connection);
    tokens = createServer((request, response) => {
      asked.push(`${request.headers.authorization}`);
      response.end(JSON.stringify({ access_token: unsignedToken('annal', 600), token_type: 'bearer' }));
    }).listen(0, '127.0.0.1');
    await once(tokens, 'listening');
  });
  afterAll(async () => {
    tokens?.close();
    await database?.close();
    await broker?.remove();
    client?.remove();
  });
  beforeEach(() => {
    asked = [];
    files = new TemporaryConfiguration();
  });
  afterEach(() => files.remove());

  /** Writes and reads an event, and a decision on the control topic, as a server of this configuration does. */
  const exchange = async (address: string, eventLog: object): Promise<void> => {
    const { configuration, errors } = files.loadContent({
      Annal: {
        Database: { Url: database.url },
        EventLog: {
          Kind: 'kafka',
          Brokers: [address],
          Topic: uniqueName('events'),
          DevelopmentBroker: true,
          ...eventLog,
        },
        Limits: { WriterTimeout: 60 },
      },
    });
    expect(errors).toEqual([]);
    const log = await openEventLog(configuration!, database.connection);
    const control = openControlLog(configuration!, database.connection);
    try {
      const event = storedEvent({ patient: 'P', study: '1', series: '2', instance: '3' });
      await log.append([event]);
      expect((await log.read(BEGINNING, 10)).map(({ id }) => id)).toContain(event.id);
      const time = new Date().toISOString();
      await control.skip({ offset: 7, eventId: event.id, reason: 'test', actor: { protocol: 'system' }, time });
      expect(await control.skips()).toMatchObject([{ offset: 7 }]);
    } finally {
      await Promise.all([log.close(), control.close()]);
    }
  };
  const trusting = (): object => ({ Enabled: true, CaFile: files.write('ca.pem', broker.certificate) });

  const showing = (certificate: TestCertificate): object => ({
    CertificateFile: files.write('client.pem', certificate.cert),
    KeyFile: files.write('client.key', certificate.key),
  });

  it('trusts the configured authority, nobody else, and anybody where it was told to', async () => {
    const shown = showing(client);
    await exchange(broker.tls, { Tls: { ...trusting(), ...shown } });
    await expect(exchange(broker.tls, { Tls: { Enabled: true, ...shown } })).rejects.toThrow(/self-signed|certificate/);
    await exchange(broker.tls, { Tls: { Enabled: true, Verify: false, ...shown } });
  });

  it('is let in with its certificate where brokers want one, and not without it or with another', async () => {
    await exchange(broker.tls, { Tls: { ...trusting(), ...showing(client) } });
    await expect(exchange(broker.tls, { Tls: trusting() })).rejects.toThrow(/does not answer/);
    const other = makeCertificate();
    try {
      await expect(exchange(broker.tls, { Tls: { ...trusting(), ...showing(other) } })).rejects.toThrow(
        /does not answer/,
      );
    } finally {
      other.remove();
    }
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'logs in by %s with the right password alone',
    async (Mechanism) => {
      const sasl = (Password: string): object => ({ Mechanism, Username: login.username, Password });
      await exchange(broker.saslTls, { Tls: trusting(), Sasl: sasl(login.password) });
      const refused = exchange(broker.saslTls, { Tls: trusting(), Sasl: sasl('battery-staple') });
      await expect(refused).rejects.toThrow(/authentication/i);
      await expect(refused).rejects.not.toThrow(/battery-staple/);
    },
  );

  it('logs in by oauthbearer with a token from a file, which is read again for each connection', async () => {
    const TokenFile = files.write('token', unsignedToken('annal', 600));
    await exchange(broker.saslTls, { Tls: trusting(), Sasl: { Mechanism: 'oauthbearer', TokenFile } });
    files.write('token', unsignedToken('annal', -600));
    await expect(
      exchange(broker.saslTls, { Tls: trusting(), Sasl: { Mechanism: 'oauthbearer', TokenFile } }),
    ).rejects.toThrow();
  });

  it('logs in by oauthbearer with a token that it is given for its client credentials', async () => {
    const TokenUrl = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`;
    await exchange(broker.saslTls, { Tls: trusting(), Sasl: { Mechanism: 'oauthbearer', TokenUrl, ...CLIENT } });
    expect(asked.length).toBeGreaterThan(0);
    expect(Buffer.from(asked[0]!.replace('Basic ', ''), 'base64').toString()).toBe('archive%20one:s3%3Acret');
  });
});
