import { createRequire } from 'node:module';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type * as Client from 'kafkajs';
import type { ISocketFactory, Kafka, KafkaConfig as ClientConfig, RetryOptions } from 'kafkajs';

const require = createRequire(import.meta.url);

/** Loaded by the first who uses it: a server whose log is in PostgreSQL comes up sooner without its 143 files. */
export function kafkajs(): typeof Client {
  return require('kafkajs') as typeof Client;
}

/** How to log in at the brokers. */
export type KafkaSasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

/** How to reach a Kafka cluster. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Absent: no encryption. PEM texts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly verify: boolean };
  readonly sasl?: KafkaSasl;
  /** How long an answer is waited for, ms. */
  readonly requestTimeout: number;
}

/** A record as it is sent. */
export interface KafkaRecord {
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as it is read. */
export interface FetchedRecord {
  /** A decimal number: offsets have 64 bits. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | readonly Buffer[] | undefined>>;
  readonly isControlRecord?: boolean;
  /** Of the batch it came in. */
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
}

/** What kafkajs can ask one broker, and does not offer: its own consumers can neither read from a given place nor tell when it is gone. */
export interface KafkaBroker {
  produce(request: {
    readonly topicData: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly messages: readonly KafkaRecord[] }[];
    }[];
    readonly acks: number;
    readonly timeout: number;
  }): Promise<{ readonly topics: readonly { readonly partitions: readonly { readonly baseOffset: string }[] }[] }>;
  fetch(request: {
    readonly replicaId: number;
    readonly isolationLevel: number;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly currentLeaderEpoch: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }): Promise<{ readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[] }>;
}

/** The answer about one partition. */
export interface FetchedPartition {
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly messages: readonly FetchedRecord[];
  readonly abortedTransactions?: readonly { readonly producerId: string; readonly firstOffset: string }[];
}

/** kafkajs's view of a cluster: connections and who leads what. */
export interface KafkaCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
      readonly fromBeginning: boolean;
    }[],
  ): Promise<readonly { readonly partitions: readonly { readonly offset: string }[] }[]>;
  findBroker(request: { readonly nodeId: string }): Promise<KafkaBroker>;
}

/** The brokers are asked again so often before a connection counts as failed, and each time after so many ms. */
const RETRY = { retries: 2, initialRetryTime: 50, maxRetryTime: 500 };
const CONNECTION_TIMEOUT = 5000;
const KEEP_ALIVE_MS = 60_000;
const READ_UNCOMMITTED = 0;

/** A client of a Kafka cluster; connects to nothing by itself. */
export function kafkaClient(connection: KafkaConnection, retry: RetryOptions = RETRY): Kafka {
  const { brokers, clientId, tls, requestTimeout } = connection;
  const { Kafka: KafkaClient, logLevel } = kafkajs();
  return new KafkaClient({
    brokers: [...brokers],
    clientId,
    ...(tls && { ssl: { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify } }),
    ...saslOf(connection),
    requestTimeout,
    connectionTimeout: CONNECTION_TIMEOUT,
    retry,
    socketFactory: socketWithoutDelay,
    // whatever goes wrong reaches the caller as an error
    logLevel: logLevel.NOTHING,
  });
}

/**
 * A cluster as kafkajs's own producers and consumers use it (2.2.4, whose version is pinned).
 * @throws Error where kafkajs is another version
 */
export function kafkaCluster(connection: KafkaConnection): KafkaCluster {
  const client = kafkaClient(connection);
  const create = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:createCluster',
  );
  if (!create) throw new Error('This version of kafkajs has no cluster to reach');
  const factory = (client as unknown as Record<symbol, (options: object) => KafkaCluster>)[create]!;
  // otherwise a topic ends where the first open transaction begins
  return factory({ allowAutoTopicCreation: false, metadataMaxAge: 300_000, isolationLevel: READ_UNCOMMITTED });
}

function saslOf({ sasl }: KafkaConnection): Pick<ClientConfig, 'sasl'> {
  if (!sasl) return {};
  if (sasl.mechanism === 'oauthbearer') {
    const { token } = sasl;
    return {
      sasl: { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await token() }) },
    };
  }
  const { mechanism, username, password } = sasl;
  return { sasl: { mechanism, username, password } as ClientConfig['sasl'] };
}

const socketWithoutDelay: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, servername: host, ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
};
