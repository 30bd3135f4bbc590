import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { envelope, type EventContext, type EventEnvelope } from '../../log/envelope.js';
import type { EventWriter } from '../../ports/event-writer.js';
import type { ExportLookup, KnownExport } from '../../ports/export-lookup.js';
import type { ResourceLine, ResourceLookup } from '../../ports/resource-lookup.js';
import { type ExportDestination, exportSubject, isFinal } from '../export.js';
import type { ExportRecorded } from './export-recorded.js';
import { type ExportReport, RecordExport, RecordExports } from './record-export.js';

/** Resources that one event names: a quarter of the largest event, with all that stands above them. */
const RESOURCES_AN_EVENT = 500;
/** What is appended together, all or none: with the largest lines, and with the heads of so many events, no more than a log takes at once. */
const EVENTS_AT_ONCE = 200;
const RESOURCES_AT_ONCE = 2000;

/** Appends what is new in a report. */
@CommandHandler(RecordExport)
export class RecordExportHandler implements ICommandHandler<RecordExport> {
  constructor(
    private readonly writer: EventWriter,
    private readonly lookup: ExportLookup,
    private readonly resources: ResourceLookup,
  ) {}

  async execute({ report, context }: RecordExport): Promise<void> {
    const known = await this.lookup.findExport(report.id);
    if (known && saysNothingNew(report, known)) return;
    const lines = await this.resources.linesOf(report.resources);
    for (const batch of batchesOf(eventsOf(report, context, lines))) await this.writer.submit(batch);
  }
}

/** Appends reports of exports that nothing was written of before. */
@CommandHandler(RecordExports)
export class RecordExportsHandler implements ICommandHandler<RecordExports> {
  constructor(
    private readonly writer: EventWriter,
    private readonly resources: ResourceLookup,
  ) {}

  async execute({ exports }: RecordExports): Promise<void> {
    const lines = await this.resources.linesOf(exports.flatMap(({ report }) => report.resources));
    const events = exports.flatMap(({ report, context }) => eventsOf(report, context, lines));
    for (const batch of batchesOf(events)) await this.writer.submit(batch);
  }
}

function saysNothingNew(report: ExportReport, known: KnownExport): boolean {
  const { resources, outcome, instances, failed, bytes, errorCode } = report;
  if (resources.length > known.resources) return false;
  if (isFinal(known.outcome)) return true;
  const isSame = (one: number | undefined, other: number | null): boolean => one === undefined || one === other;
  return (
    (outcome === known.outcome || outcome === 'pending') &&
    isSame(instances, known.instances) &&
    isSame(failed, known.failed) &&
    isSame(bytes, known.bytes) &&
    isSame(errorCode, known.errorCode)
  );
}

function eventsOf(
  { id, resources, lines: given = [], asked, arrived = [], listed = false, destination, ...rest }: ExportReport,
  context: EventContext,
  lines: ReadonlyMap<string, ResourceLine>,
): readonly EventEnvelope<ExportRecorded>[] {
  const events: EventEnvelope<ExportRecorded>[] = [];
  const known = new Map([...given.map((line) => [line.id, line] as const), ...lines]);
  const all = Math.max(resources.length, arrived.length);
  for (let first = 0; first === 0 || first < all; first += RESOURCES_AN_EVENT) {
    const part = <T>(list: readonly T[]): readonly T[] => list.slice(first, first + RESOURCES_AN_EVENT);
    const named = part(resources).map((one) => {
      const instances = asked?.get(one);
      return { ...(known.get(one) ?? { id: keepable(one) }), ...(instances !== undefined && { instances }) };
    });
    const there = part(arrived).map(({ id: one, instances }) => ({ id: keepable(one), instances }));
    const data = {
      id,
      ...rest,
      destination: keepableDestination(destination),
      first,
      resources: named,
      ...(there.length > 0 && { arrived: there }),
      listed,
    };
    events.push(envelope<ExportRecorded>({ type: 'annal.export.recorded.v1', data }, exportSubject(id), context));
  }
  return events;
}

/** The events in their order, as they are appended together. */
function* batchesOf(
  events: readonly EventEnvelope<ExportRecorded>[],
): Generator<readonly EventEnvelope<ExportRecorded>[]> {
  let batch: EventEnvelope<ExportRecorded>[] = [];
  let resources = 0;
  for (const event of events) {
    const length = event.data.resources.length + (event.data.arrived?.length ?? 0);
    if (batch.length === EVENTS_AT_ONCE || resources + length > RESOURCES_AT_ONCE) {
      yield batch;
      [batch, resources] = [[], 0];
    }
    batch.push(event);
    resources += length;
  }
  if (batch.length > 0) yield batch;
}

function keepableDestination({ kind, name, address }: ExportDestination): ExportDestination {
  return {
    kind,
    ...(name !== undefined && { name: keepable(name) }),
    ...(address !== undefined && { address: withoutSecrets(keepable(address)) }),
  };
}

/** A URL without what may let somebody in: the log is for ever. */
function withoutSecrets(address: string): string {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return address;
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** Without what no table could hold: NUL, and halves of characters. */
function keepable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
