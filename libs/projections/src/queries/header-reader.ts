import { decodeHeader, type HeaderModel } from '@annal/dicom';
import type { BlobStore } from '@annal/domain';
import { rowsById } from './rows-by-id.js';
import type { StatementRunner } from './statement.js';

interface HeaderRow {
  readonly key: number;
  readonly header: Buffer | null;
  readonly headerBlob: string | null;
  readonly keyId: string | null;
}

/** An instance with its header as it is stored. */
export interface InstanceHeader {
  readonly key: number;
  readonly sopUid: string;
  readonly stored: Buffer | undefined;
}

/** Opens a header that is a blob of its own; undefined where its key is gone. */
export type OpenHeader = (keyId: string, blob: string, sealed: Buffer) => Promise<Buffer | undefined>;

/** Which header an instance has. */
export interface HeaderVersion {
  /** Of the instance. */
  readonly key: number;
  readonly version: string;
}

const VERSION = {
  columns: `i.id, i.key, concat_ws('.', i.key, h.xmin) AS version`,
  from: 'instances i JOIN headers h ON h.instance_key = i.key',
  id: 'i.id',
};

/** How many headers are held at once while many are gone through. */
const BATCH = 200;

/** Reads the stored headers of instances: no DICOM file is opened. */
export class HeaderReader {
  /**
   * @param maxSize of an inflated header, bytes
   * @param openSealed of headers that are sealed
   */
  constructor(
    private readonly runner: StatementRunner,
    private readonly blobs: Pick<BlobStore, 'read'>,
    private readonly maxSize: number,
    private readonly openSealed: OpenHeader,
  ) {}

  /** The header of an instance; undefined when there is no such instance. */
  async one(instanceKey: number): Promise<HeaderModel | undefined> {
    return (await this.some([instanceKey])).get(instanceKey);
  }

  /**
   * Which headers some instances have, without reading them; undefined where there is no such instance. A version is never
   * given twice (docs/decisions/0021): the key comes with the instance, and the transaction is the one that wrote the header.
   * @param ids Orthanc identifiers
   */
  versions(ids: readonly string[]): Promise<readonly (HeaderVersion | undefined)[]> {
    return rowsById<HeaderVersion & { readonly id: string }>(this.runner, VERSION, ids);
  }

  /** The headers of some instances by key. */
  async some(instanceKeys: readonly number[]): Promise<ReadonlyMap<number, HeaderModel>> {
    const models = new Map<number, HeaderModel>();
    for (const [key, stored] of await this.storedOf(instanceKeys)) models.set(key, this.decode(stored));
    return models;
  }

  /** The header of an instance as it is stored, opened where it was sealed; undefined where there is none. */
  async stored(instanceKey: number): Promise<Buffer | undefined> {
    return (await this.storedOf([instanceKey])).get(instanceKey);
  }

  private async storedOf(instanceKeys: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
    const { rows } = await this.runner.query<HeaderRow>({
      name: 'annal_headers',
      text: `SELECT instance_key AS key, header, header_blob AS "headerBlob", key_id AS "keyId" FROM headers WHERE instance_key = ANY ($1::bigint[])`,
      values: [instanceKeys],
    });
    const found = new Map<number, Buffer>();
    for (const row of rows) {
      const stored = await this.open(row);
      if (stored) found.set(row.key, stored);
    }
    return found;
  }

  /**
   * Instances of a series with their headers, in the order of their keys; `stored` is undefined where nothing is known
   * of an instance any more.
   * @param after the key of the last one read before; 0 from the beginning
   */
  async inSeries(seriesKey: number, after: number, limit: number): Promise<readonly InstanceHeader[]> {
    const { rows } = await this.runner.query<HeaderRow & { readonly sopUid: string }>({
      name: 'annal_series_headers',
      text: `SELECT i.key, i.sop_instance_uid AS "sopUid", h.header, h.header_blob AS "headerBlob", h.key_id AS "keyId"
        FROM instances i LEFT JOIN headers h ON h.instance_key = i.key
        WHERE i.series_key = $1 AND i.key > $2 ORDER BY i.key LIMIT $3`,
      values: [seriesKey, after, limit],
    });
    const headers: InstanceHeader[] = [];
    for (const row of rows)
      headers.push({ key: row.key, sopUid: row.sopUid, stored: row.header ?? (await this.open(row)) });
    return headers;
  }

  /** The model of a stored header. */
  decode(stored: Buffer): HeaderModel {
    return decodeHeader(stored, this.maxSize);
  }

  private async open({ header, headerBlob, keyId }: HeaderRow): Promise<Buffer | undefined> {
    if (header || headerBlob === null) return header ?? undefined;
    const bytes = await this.blobs.read(headerBlob);
    return keyId === null ? bytes : this.openSealed(keyId, headerBlob, bytes);
  }

  /** The headers of any number of instances, in the order of their keys given, a batch in memory at a time. */
  async *all(instanceKeys: readonly number[]): AsyncGenerator<readonly [key: number, model: HeaderModel], void> {
    for (let at = 0; at < instanceKeys.length; at += BATCH) {
      const keys = instanceKeys.slice(at, at + BATCH);
      const models = await this.some(keys);
      for (const key of keys) {
        const model = models.get(key);
        if (model) yield [key, model];
      }
    }
  }
}
