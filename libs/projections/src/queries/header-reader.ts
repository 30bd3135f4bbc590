import { decodeHeader, type HeaderModel } from '@annal/dicom';
import type { BlobStore } from '@annal/domain';
import type { StatementRunner } from './statement.js';

interface HeaderRow {
  readonly key: number;
  readonly header: Buffer | null;
  readonly headerBlob: string | null;
  readonly keyId: string | null;
}

/** Opens a header that is a blob of its own; undefined where its key is gone. */
export type OpenHeader = (keyId: string, blob: string, sealed: Buffer) => Promise<Buffer | undefined>;

/** How many headers are held at once while many are gone through. */
const BATCH = 200;

/** Reads the stored headers of instances: no DICOM file is opened. */
export class HeaderReader {
  /**
   * @param maxSize of an inflated header, bytes
   * @param open of headers that are sealed
   */
  constructor(
    private readonly runner: StatementRunner,
    private readonly blobs: Pick<BlobStore, 'read'>,
    private readonly maxSize: number,
    private readonly open: OpenHeader,
  ) {}

  /** The header of an instance; undefined when there is no such instance. */
  async one(instanceKey: number): Promise<HeaderModel | undefined> {
    return (await this.some([instanceKey])).get(instanceKey);
  }

  /** The headers of some instances by key. */
  async some(instanceKeys: readonly number[]): Promise<ReadonlyMap<number, HeaderModel>> {
    const { rows } = await this.runner.query<HeaderRow>({
      name: 'annal_headers',
      text: `SELECT instance_key AS key, header, header_blob AS "headerBlob", key_id AS "keyId" FROM headers WHERE instance_key = ANY ($1::bigint[])`,
      values: [instanceKeys],
    });
    const models = new Map<number, HeaderModel>();
    for (const { key, header, headerBlob, keyId } of rows) {
      const stored = header ?? (headerBlob === null ? undefined : await this.readBlob(headerBlob, keyId));
      if (stored) models.set(key, decodeHeader(stored, this.maxSize));
    }
    return models;
  }

  private async readBlob(blob: string, keyId: string | null): Promise<Buffer | undefined> {
    const bytes = await this.blobs.read(blob);
    return keyId === null ? bytes : this.open(keyId, blob, bytes);
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
