import { describeEventLogContract } from '../../../../../test/support/event-log-contract.js';
import { describeWithKafka } from '../../../../../test/support/kafka/describe-with-kafka.js';
import { openTestKafkaLog } from '../../../../../test/support/kafka/test-kafka-log.js';

describeWithKafka('The event log in Kafka', (kafka) => {
  describeEventLogContract('KafkaEventLog', async () => {
    const test = await openTestKafkaLog(kafka);
    return { log: test.log, other: await test.another(), close: () => test.close() };
  });
});
