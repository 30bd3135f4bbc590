import { viewEvent } from '@annal/domain';
import { parkedEvents } from '@annal/platform';
import { type Archive, eventAt } from './archive.js';
import { foldedOffset } from './folded-offset.js';

/** What stands in the fold's way, as a table. */
export async function showParked({ log, session }: Archive): Promise<string> {
  const parked = await parkedEvents(session);
  const [folded, end] = [await foldedOffset(session), (await log.end()).offset];
  const where = `The read models are folded up to offset ${folded}, the log ends at ${end}.\n`;
  if (parked.length === 0) return `No event is parked. ${where}`;
  const rows = parked.map(({ offset, type, at, error }) => [String(offset), at.toISOString(), type ?? '', error]);
  return `${where}${table([['OFFSET', 'SINCE', 'TYPE', 'ERROR'], ...rows])}`;
}

/** An event's envelope without its sealed part, and what became of it, as JSON. */
export async function showEvent({ log, control, session }: Archive, offset: number): Promise<string> {
  const event = await eventAt(log, offset);
  const parked = (await parkedEvents(session)).find((one) => one.offset === offset && one.eventId === event.id);
  const skip = (await control.skips()).find((one) => one.offset === offset && one.eventId === event.id);
  const view = {
    ...viewEvent(event),
    ...(parked && { Parked: { Error: parked.error, Since: parked.at } }),
    ...(skip && { Skipped: { Actor: skip.actor, Reason: skip.reason, Time: skip.time } }),
    Folded: (await foldedOffset(session)) >= offset,
  };
  return `${JSON.stringify(view, null, 2)}\n`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
