import { COLLECTIONS, LEVELS } from '@annal/domain';
import { changeTypeName } from '@annal/projections';
import type { FetchedRecord, KafkaRecord } from '../kafka/kafka-client.js';

/** A row of the changes feed. */
export interface FeedRow {
  readonly seq: number;
  /** The offset of the event that brought it about. */
  readonly position: number;
  readonly type: number;
  readonly level: number;
  readonly resource_id: string;
  /** As Orthanc writes times, in UTC: `20261121T130941`. */
  readonly date: string;
}

/** A change as the public topic has it; the JSON schema is docs/schemas/annal.change.v1.json. */
export interface PublishedChange {
  readonly Seq: number;
  readonly ChangeType: string;
  readonly ResourceType: string;
  readonly ID: string;
  readonly Path: string;
  readonly Date: string;
  readonly Position: number;
}

/** What stands in every record of one archive. */
export interface Origin {
  readonly logId: string;
  /** The server's name. */
  readonly source: string;
}

export const CHANGE_EVENT_TYPE = 'annal.change.v1';

/** A change as a CloudEvent in binary content mode (Kafka protocol binding 1.0.2, section 3.2); the same row always gives the same id. */
export function toChangeRecord(row: FeedRow, { logId, source }: Origin): KafkaRecord {
  const change = changeOf(row);
  return {
    key: change.ID,
    value: Buffer.from(JSON.stringify(change), 'utf8'),
    headers: {
      ce_specversion: '1.0',
      ce_id: `${logId}:${change.Seq}`,
      ce_type: CHANGE_EVENT_TYPE,
      ce_source: source,
      ce_time: isoTime(change.Date),
      ce_subject: change.Path.slice(1),
      'content-type': 'application/json',
    },
  };
}

/** A row under the names of `/changes`. */
export function changeOf({ seq, position, type, level, resource_id: id, date }: FeedRow): PublishedChange {
  const resource = LEVELS[level]!;
  return {
    Seq: seq,
    ChangeType: changeTypeName(type),
    ResourceType: resource,
    ID: id,
    Path: `/${COLLECTIONS[resource]}/${id}`,
    Date: date,
    Position: position,
  };
}

/** A record of the topic; undefined: no relay wrote it. */
export function fromChangeRecord(record: FetchedRecord): { logId: string; change: PublishedChange } | undefined {
  const [, logId, seq] = /^([0-9a-f-]{36}):(\d+)$/.exec(String(record.headers.ce_id)) ?? [];
  try {
    const change = JSON.parse(String(record.value)) as PublishedChange | null;
    return logId !== undefined && change?.Seq === Number(seq) ? { logId, change } : undefined;
  } catch {
    return undefined;
  }
}

/** `20261121T130941` as RFC 3339 wants it. */
function isoTime(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z');
}
