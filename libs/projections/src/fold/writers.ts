import type { RecordedEvent } from '@annal/domain';
import { sqlText, sqlTextArray } from './sql-literal.js';

/** What `folded_writers` holds of one log writer. */
export interface WriterRow {
  readonly writer: string;
  readonly counter: number;
}

/** SQL that loads how far the writers of a batch are folded. */
export function writersSql(events: readonly RecordedEvent[]): string {
  const writers = new Set(events.flatMap(({ writing }) => writing?.writer ?? []));
  if (writers.size === 0) return 'SELECT NULL WHERE false';
  return `SELECT writer::text AS writer, counter FROM folded_writers WHERE writer = ANY (${sqlTextArray(writers)}::uuid[])`;
}

/**
 * What of a batch is in the log for the first time: a writer's counter rises by one an event, so whatever does not go
 * beyond the last one is a repetition (of a send whose answer was lost).
 */
export function newOffsets(events: readonly RecordedEvent[], known: readonly WriterRow[]): ReadonlySet<number> {
  const counters = new Map(known.map(({ writer, counter }) => [writer, counter]));
  const offsets = new Set<number>();
  for (const { writing, position } of events) {
    if (writing) {
      if (writing.counter <= (counters.get(writing.writer) ?? 0)) continue;
      counters.set(writing.writer, writing.counter);
    }
    offsets.add(position.offset);
  }
  return offsets;
}

/** The last counter of each writer in a batch, in the order of the writers: whoever writes several locks them in one order. */
export function lastCounters(events: readonly RecordedEvent[]): readonly WriterRow[] {
  const last = new Map<string, number>();
  for (const { writing } of events) {
    if (writing) last.set(writing.writer, Math.max(writing.counter, last.get(writing.writer) ?? 0));
  }
  return [...last].sort().map(([writer, counter]) => ({ writer, counter }));
}

/** SQL that remembers how far the writers of a batch are folded now; none where the log holds nothing twice. */
export function writtenSql(events: readonly RecordedEvent[]): readonly string[] {
  const rows = lastCounters(events).map(({ writer, counter }) => `(${sqlText(writer)}::uuid, ${counter})`);
  if (rows.length === 0) return [];
  return [
    `INSERT INTO folded_writers AS w (writer, counter) VALUES ${rows.join(', ')}
     ON CONFLICT (writer) DO UPDATE SET counter = greatest(w.counter, excluded.counter)`,
  ];
}
