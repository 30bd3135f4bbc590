import { deleteTopicsOf, uniqueName } from './kafka/client.js';
import { testKafka } from './kafka/test-kafka.js';
import { LOG_UNDER_TEST } from './log-under-test.js';

/** A log for a server of a test. */
export interface ServerLog {
  /** What the server's configuration has as `Annal.EventLog`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Removes it, when no server uses it any more. */
  close(): Promise<void>;
}

/** A new log of the kind that is under test; one in Kafka has topics of its own. */
export async function openServerLog(): Promise<ServerLog> {
  const kafka = LOG_UNDER_TEST === 'kafka' ? await testKafka() : undefined;
  if (!kafka) return { options: {}, close: async () => undefined };
  const Topic = uniqueName('events');
  return {
    options: {
      Kind: 'kafka',
      Brokers: kafka.brokers,
      DevelopmentBroker: true,
      Topic,
      ChangesTopic: `${Topic}.changes`,
    },
    close: () => deleteTopicsOf(kafka, Topic),
  };
}
