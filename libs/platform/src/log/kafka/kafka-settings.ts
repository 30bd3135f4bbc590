import { readFileSync } from 'node:fs';
import type { AnnalConfiguration } from '../../config/index.js';
import type { KafkaConnection, KafkaSasl } from '../../kafka/kafka-client.js';
import { fetchToken } from '../../kafka/oauth-token.js';
import type { KafkaEventLogOptions } from './kafka-event-log.js';

type EventLogOptions = AnnalConfiguration['Annal']['EventLog'];

const REQUEST_TIMEOUT = 10_000;
const CONTROL = '.control';

/** The Kafka log of a configuration. */
export function kafkaLogOptions({ Name, Annal }: AnnalConfiguration): KafkaEventLogOptions {
  const { EventLog, Limits } = Annal;
  return {
    connection: kafkaConnection(EventLog, Name),
    topic: EventLog.Topic,
    writerTimeout: Limits.WriterTimeout * 1000,
    visibilityTimeout: Limits.VisibilityTimeout * 1000,
  };
}

/** The topic of operators' decisions about a log. */
export function controlTopic(topic: string): string {
  return `${topic}${CONTROL}`;
}

/** How many replicas topics have, and how many of them must have an event before it counts. */
export function replicationOf({ DevelopmentBroker }: EventLogOptions): { replication: number; minInSync: number } {
  return DevelopmentBroker ? { replication: 1, minInSync: 1 } : { replication: 3, minInSync: 2 };
}

function kafkaConnection({ Brokers, Tls, Sasl }: EventLogOptions, name: string): KafkaConnection {
  const read = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : readFileSync(file, 'utf8');
  return {
    brokers: Brokers,
    clientId: `annal-${name.replace(/[^A-Za-z0-9._-]/g, '_')}`,
    requestTimeout: REQUEST_TIMEOUT,
    ...(Tls.Enabled && {
      tls: { ca: read(Tls.CaFile), cert: read(Tls.CertificateFile), key: read(Tls.KeyFile), verify: Tls.Verify },
    }),
    ...(Sasl.Mechanism !== 'none' && { sasl: saslOf(Sasl, Sasl.Mechanism) }),
  };
}

function saslOf(sasl: EventLogOptions['Sasl'], mechanism: KafkaSasl['mechanism']): KafkaSasl {
  if (mechanism !== 'oauthbearer') return { mechanism, username: sasl.Username ?? '', password: sasl.Password ?? '' };
  const source =
    sasl.TokenFile === undefined
      ? { url: sasl.TokenUrl!, clientId: sasl.ClientId!, clientSecret: sasl.ClientSecret!, scope: sasl.Scope }
      : { file: sasl.TokenFile };
  return { mechanism, token: () => fetchToken(source) };
}
