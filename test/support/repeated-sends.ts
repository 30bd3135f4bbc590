import type { EventEnvelope, RecordedEvent } from '@annal/domain';
import fc from 'fast-check';

const WRITERS = ['7a0c1d4e-0000-4000-8000-000000000001', '7a0c1d4e-0000-4000-8000-000000000002'] as const;

/** One batch of a log writer, and after how many further batches a broker writes it again. */
const send = fc.record({
  writer: fc.constantFrom(...WRITERS),
  size: fc.integer({ min: 1, max: 5 }),
  again: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
});
export const sends = fc.array(send, { minLength: 1 });
type Sends = typeof sends extends fc.Arbitrary<infer S> ? S : never;

/** What stands in a log whose writers did not always learn that they had written: some batches twice or more. */
export function sentAgain(
  events: readonly EventEnvelope[],
  sent: Sends,
): { readonly log: readonly RecordedEvent[]; readonly firsts: readonly RecordedEvent[] } {
  const log: RecordedEvent[] = [];
  const firsts: RecordedEvent[] = [];
  let late: { readonly due: number; readonly batch: readonly RecordedEvent[] }[] = [];
  const append = (batch: readonly Omit<RecordedEvent, 'position'>[]): RecordedEvent[] =>
    batch.map((event) => {
      const written = { ...event, position: { partition: 0, offset: log.length } } as RecordedEvent;
      log.push(written);
      return written;
    });
  const counters = new Map<string, number>();
  for (let n = 0, at = 0; at < events.length || late.length > 0; n++) {
    for (const { due, batch } of late) if (due <= n) append(batch);
    late = late.filter(({ due }) => due > n);
    const { writer, size, again } = sent[n % sent.length]!;
    const batch = events.slice(at, (at += size)).map((event) => {
      const counter = (counters.get(writer) ?? 0) + 1;
      counters.set(writer, counter);
      return { ...event, writing: { writer, counter } };
    });
    const written = append(batch);
    firsts.push(...written);
    if (written.length > 0) for (const later of again) late.push({ due: n + 1 + later, batch: written });
  }
  return { log, firsts };
}
