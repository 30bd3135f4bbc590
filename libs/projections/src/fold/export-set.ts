import {
  type ArrivedResource,
  depthOf,
  type ExportRecorded,
  type ExportedResource,
  isFinal,
  type RecordedEvent,
} from '@annal/domain';
import { compactDate } from './compact-date.js';
import type { ArrivedRow, ExportResourceRow, ExportRow, ExportsDifference } from './rows.js';

/** What a batch says of exports. The tables decide what of it is new. */
export class ExportSet {
  private readonly exports = new Map<string, ExportRow>();
  private readonly resources = new Map<string, ExportResourceRow>();
  private readonly arrived = new Map<string, ArrivedRow>();
  /** Where a resource of an export was named. */
  private readonly places = new Map<string, string[]>();

  evolve(event: RecordedEvent<ExportRecorded>): void {
    const { id } = event.data;
    const known = this.exports.get(id);
    this.exports.set(id, known ? withReport(known, event) : exportRow(event));
    event.data.resources.forEach((resource, index) => this.name(event, resource, event.data.first + index));
    for (const one of event.data.arrived ?? []) this.count(id, one);
  }

  /** What is to be written; undefined: nothing. */
  difference(): ExportsDifference | undefined {
    if (this.exports.size === 0) return undefined;
    return {
      exports: [...this.exports.values()],
      resources: [...this.resources.values()],
      arrived: [...this.arrived.values()],
    };
  }

  private name(
    { data, position, time }: RecordedEvent<ExportRecorded>,
    resource: ExportedResource,
    place: number,
  ): void {
    const name = `${data.id} ${place}`;
    if (this.resources.has(name)) return;
    const named = `${data.id} ${resource.id}`;
    const places = this.places.get(named) ?? [];
    places.push(name);
    this.places.set(named, places);
    const line = 'level' in resource ? resource : undefined;
    this.resources.set(name, {
      export_id: data.id,
      place,
      level: line ? depthOf(line.level) : null,
      resource_id: resource.id,
      patient_id: line?.patient ?? null,
      study_id: line?.study ?? null,
      series_id: line?.series ?? null,
      asked: resource.instances ?? null,
      arrived: null,
      listed: data.listed,
      position: position.offset,
      date: compactDate(time),
    });
  }

  private count(exportId: string, { id, instances }: ArrivedResource): void {
    const name = `${exportId} ${id}`;
    const known = this.arrived.get(name)?.instances ?? null;
    this.arrived.set(name, { export_id: exportId, resource_id: id, instances: most(known, instances)! });
    for (const place of this.places.get(name) ?? []) {
      const row = this.resources.get(place)!;
      this.resources.set(place, { ...row, arrived: most(row.arrived, instances) });
    }
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

/** An export with what is said of it next: a later outcome counts, unless it had succeeded; of counts, the most. */
function withReport(known: ExportRow, event: RecordedEvent<ExportRecorded>): ExportRow {
  const { instances, bytes, ...result } = resultOf(event);
  const stays = isFinal(known.outcome) || result.outcome === 'pending';
  const counts = { instances: most(known.instances, instances), bytes: most(known.bytes, bytes) };
  return { ...known, ...(stays ? {} : result), ...counts };
}

function most(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
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
