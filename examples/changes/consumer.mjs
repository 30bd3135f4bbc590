/**
 * Prints the changes of an archive, a line each, and goes on where it was when it is started again:
 *
 *     node consumer.mjs BROKERS TOPIC PLACE-FILE [GROUP]
 *
 * Needs kafkajs 2, which leaves out what is not committed by default.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Kafka, logLevel } from 'kafkajs';

const [brokers, topic, placeFile, groupId = `${topic}.example`] = process.argv.slice(2);
let last = existsSync(placeFile) ? Number(readFileSync(placeFile, 'utf8')) : 0;

const kafka = new Kafka({ clientId: 'changes-example', brokers: brokers.split(','), logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId, readUncommitted: false });

process.on('SIGTERM', () => consumer.disconnect().then(() => process.exit()));
await consumer.connect();
// Kafka keeps the offset of a group, as a hint where to begin; without one: at the beginning
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({ eachMessage: async ({ message }) => handle(JSON.parse(message.value.toString())) });

function handle({ Seq, ChangeType, ResourceType, ID }) {
  // the hint may be older than what was done
  if (Seq <= last) return;
  if (Seq > last + 1) console.error(`Seq ${last + 1} to ${Seq - 1} are gone: compare with the archive`);
  console.log(Seq, ChangeType, ResourceType, ID);
  last = Seq;
  // only now it is done; what it was done to should remember it in the same transaction
  writeFileSync(`${placeFile}.new`, String(last));
  renameSync(`${placeFile}.new`, placeFile);
}
