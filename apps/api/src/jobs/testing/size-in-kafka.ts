import type { EventEnvelope, Sealer } from '@annal/domain';
import { recordValue, RECORD_OVERHEAD } from '../../../../../libs/platform/src/log/kafka/kafka-record.js';
import { JobKeys } from '../../../../../libs/platform/src/vault/job-keys.js';
import { MasterKeys } from '../../../../../libs/platform/src/vault/master-keys.js';
import { memorySession } from '../../../../../libs/platform/src/vault/testing/memory-session.js';

/** What a Kafka broker takes at once, bytes: its `message.max.bytes`, where nobody set that. */
export const KAFKA_BATCH = 1_048_588;

/** Events that are appended together as the log in Kafka reckons them, bytes. */
export function sizeInKafka(events: readonly EventEnvelope[]): number {
  return events.reduce((sum, event) => sum + recordValue(event).length + RECORD_OVERHEAD, 0);
}

/** Keys of jobs without a database, and what seals by them as the vault does. */
export function jobSealer(): { readonly keys: JobKeys; readonly sealer: Pick<Sealer, 'sealJob'> } {
  const keys = new JobKeys(memorySession(), new MasterKeys([]), 60_000);
  return { keys, sealer: { sealJob: ({ job, eventId, text }) => keys.seal(job, eventId, text) } };
}
