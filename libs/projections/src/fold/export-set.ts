import { depthOf, type ExportRecorded, type ExportedResource, isFinal, type RecordedEvent } from '@annal/domain';
import { compactDate } from './compact-date.js';
import type { ExportResourceRow, ExportRow, ExportsDifference } from './rows.js';

/** What a batch says of exports. The tables decide what of it is new. */
export class ExportSet {
  private readonly exports = new Map<string, ExportRow>();
  private readonly resources = new Map<string, ExportResourceRow>();

  evolve(event: RecordedEvent<ExportRecorded>): void {
    const { id } = event.data;
    const known = this.exports.get(id);
    // the last word counts, but for what is said after a success
    if (!known) this.exports.set(id, exportRow(event));
    else if (!isFinal(known.outcome)) this.exports.set(id, { ...known, ...resultOf(event) });
    event.data.resources.forEach((resource, index) => this.name(event, resource, event.data.first + index));
  }

  /** What is to be written; undefined: nothing. */
  difference(): ExportsDifference | undefined {
    if (this.exports.size === 0) return undefined;
    return { exports: [...this.exports.values()], resources: [...this.resources.values()] };
  }

  private name(
    { data, position, time }: RecordedEvent<ExportRecorded>,
    resource: ExportedResource,
    place: number,
  ): void {
    const name = `${data.id} ${place}`;
    if (this.resources.has(name)) return;
    const line = 'level' in resource ? resource : undefined;
    this.resources.set(name, {
      export_id: data.id,
      place,
      level: line ? depthOf(line.level) : null,
      resource_id: resource.id,
      patient_id: line?.patient ?? null,
      study_id: line?.study ?? null,
      series_id: line?.series ?? null,
      listed: data.listed,
      position: position.offset,
      date: compactDate(time),
    });
  }
}

function exportRow(event: RecordedEvent<ExportRecorded>): ExportRow {
  const { id, protocol, destination } = event.data;
  return {
    key: event.position.offset,
    id,
    protocol,
    kind: destination.kind,
    name: destination.name ?? null,
    address: destination.address ?? null,
    actor: event.actor,
    correlation_id: event.correlationId,
    begun_at: event.time,
    ...resultOf(event),
  };
}

function resultOf({
  data,
  time,
}: RecordedEvent<ExportRecorded>): Pick<
  ExportRow,
  'outcome' | 'instances' | 'failed' | 'bytes' | 'error_code' | 'reported_at'
> {
  const { outcome, instances = null, failed = null, bytes = null, errorCode: error_code = null } = data;
  return { outcome, instances, failed, bytes, error_code, reported_at: time };
}
