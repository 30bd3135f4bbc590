import type { ControlLog, Skip } from '@annal/domain';
import type { KafkaConnection } from '../../kafka/kafka-client.js';
import { KafkaPartition } from '../../kafka/kafka-partition.js';

const FETCH_BYTES = 1024 * 1024;

/** Operators' decisions in a topic of their own, beside that of the events. */
export class KafkaControlLog implements ControlLog {
  private readonly partition: KafkaPartition;
  private readonly known: Skip[] = [];
  private at = 0;

  constructor(
    private readonly connection: KafkaConnection,
    topic: string,
  ) {
    this.partition = new KafkaPartition(connection, topic);
  }

  async skips(): Promise<readonly Skip[]> {
    for (;;) {
      const { records, next } = await this.partition.fetch(this.at, 0, FETCH_BYTES);
      if (next === this.at) return this.known;
      this.known.push(...records.flatMap(({ value }) => skipOf(value) ?? []));
      this.at = next;
    }
  }

  async skip(skip: Skip): Promise<void> {
    await this.partition.connect();
    await this.partition.send([toSkipRecord(skip)], this.connection.requestTimeout);
  }

  close(): Promise<void> {
    return this.partition.close();
  }
}

/** A decision as a record of the topic (docs/schemas/annal.skip.json). */
export function toSkipRecord(skip: Skip): { key: string; value: Buffer; headers: Record<string, string> } {
  const value = Buffer.from(JSON.stringify(skip), 'utf8');
  return { key: String(skip.offset), value, headers: { 'content-type': 'application/json' } };
}

/** What somebody else wrote there decides nothing: an event that should have been skipped stands in the way again. */
function skipOf(value: Buffer | null): Skip | undefined {
  try {
    const skip = JSON.parse((value ?? '').toString()) as Partial<Skip> | null;
    return typeof skip?.offset === 'number' && typeof skip.eventId === 'string' ? (skip as Skip) : undefined;
  } catch {
    return undefined;
  }
}
