import { BEGINNING, type EventLog, type RecordedEvent } from '@annal/domain';
import type { Execute } from '../fold/execute.js';
import { project } from '../fold/projector.js';
import { explainStop, RebuildStopped } from './explain-stop.js';
import { checkSchemaName, createPastSchema, finishPastSchema } from './past-schema.js';
import { BATCH, ReadAhead } from './read-ahead.js';
import type { RebuildOptions, RebuildReport } from './rebuild.js';

/** The log has nothing at that place or time. */
export class NoSuchMoment extends Error {
  override readonly name = 'NoSuchMoment';
}

/** As of when: the last position that counts, or a time. */
export type Moment = number | Date;

/** What was made, and the time of its last event. */
export interface PastReport extends Omit<RebuildReport, 'blank' | 'lostMetadata'> {
  readonly time: string;
}

/**
 * Makes the read models as they were, in a schema of their own and for looking only; touches nothing else. The order of
 * the log counts: a time means everything before the first event of a later time.
 * @param execute a session whose search path begins with that schema, and nobody else uses
 * @throws SchemaRefused, NoSuchMoment, RebuildStopped
 */
export async function rebuildPast(
  log: EventLog,
  execute: Execute,
  schema: string,
  until: Moment,
  { skipped, open, progress }: RebuildOptions = {},
): Promise<PastReport> {
  checkSchemaName(schema);
  const end = await log.end();
  if (typeof until === 'number' && until > end.offset) {
    throw new NoSuchMoment(`There is no position ${until} yet: the log ends at ${end.offset}`);
  }
  await execute(`SELECT pg_advisory_lock(hashtext('annal past'), hashtext('${schema}'))`);
  await createPastSchema(execute, schema);
  let last: RecordedEvent | undefined;
  const ahead = new ReadAhead(log, BEGINNING, open);
  for (let full = true; full;) {
    const events = within(await ahead.next(), until, end.offset);
    full = events.length === BATCH;
    if (events.length === 0) break;
    await project(events, execute, { skipped, open: ahead.open }).catch(async (error: unknown) => {
      throw await explainStop(error, events, { skipped, open: ahead.open });
    });
    last = events.at(-1)!;
    progress?.(last.position);
  }
  if (typeof until === 'number' && last && last.position.offset < until) {
    throw new RebuildStopped(`The event log gave nothing behind ${last.position.offset}. Try again`);
  }
  if (!last) {
    await execute(`DROP SCHEMA ${schema} CASCADE`);
    throw new NoSuchMoment('The log begins later than that');
  }
  const { position, time } = last;
  await finishPastSchema(
    execute,
    schema,
    `the index as it was at position ${position.offset} (${time}), for looking only`,
  );
  return { events: position.offset + 1, position, time };
}

/** The events of a batch that count. */
function within(events: readonly RecordedEvent[], until: Moment, end: number): readonly RecordedEvent[] {
  const last = typeof until === 'number' ? until : end;
  const later = events.findIndex(
    ({ position, time }) => position.offset > last || (typeof until !== 'number' && Date.parse(time) > until.getTime()),
  );
  return later < 0 ? events : events.slice(0, later);
}
