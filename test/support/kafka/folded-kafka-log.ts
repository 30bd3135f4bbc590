import type { EventEnvelope, Position } from '@annal/domain';
import { type ArchiveLog, type KafkaEventLog, Projector } from '@annal/platform';
import { pino } from 'pino';
import { KafkaControlLog } from '../../../libs/platform/src/log/kafka/kafka-control-log.js';
import type { TestKafka } from './test-kafka.js';
import { openTestKafkaLog, type TestKafkaLog } from './test-kafka-log.js';

/** A log in Kafka that is folded, and whose `append` waits for that, as the one in PostgreSQL does. */
export async function openFoldedKafkaLog(
  kafka: TestKafka,
): Promise<Pick<TestKafkaLog, 'database' | 'session' | 'close'> & { log: ArchiveLog; another(): Promise<ArchiveLog> }> {
  const test = await openTestKafkaLog(kafka);
  const { connection, topic } = test.options;
  const control = new KafkaControlLog(connection, `${topic}.control`);
  const projector = new Projector(test.database.connection, test.log, control, pino({ level: 'silent' }));
  projector.start();
  return {
    database: test.database,
    session: test.session,
    log: waiting(test.log),
    another: async () => waiting(await test.another()),
    close: async () => {
      await projector.stop();
      await control.close();
      await test.close();
    },
  };
}

function waiting(log: KafkaEventLog): ArchiveLog {
  const append = async (events: readonly EventEnvelope[]): Promise<readonly Position[]> =>
    (await log.submit(events)).positions;
  return new Proxy(log, {
    get: (target, property) => {
      if (property === 'append') return append;
      const value = Reflect.get(target, property, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
