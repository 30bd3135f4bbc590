import type { DicomDictionary } from '@annal/dicom';
import type { BlobStore, EventLog, EventWriter, InstanceLookup, StorageQuota } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import type { Logger } from 'pino';
import type { RuntimeSettings } from '../server/runtime-settings.js';
import type { ServerControl } from '../server/server-control.js';
import type { MetricsSource } from './metrics/metrics-source.js';

/** What runs queries on the live read models: a pg.Pool, as far as it is used here. */
export interface Queryable {
  query(
    query: string | { readonly name?: string; readonly text: string; readonly values?: unknown[] },
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

/** What a process wires up once for its HTTP application; each field can be injected by its token (tokens.ts). */
export interface AppContext {
  readonly configuration: AnnalConfiguration;
  readonly pool: Queryable;
  readonly eventWriter: EventWriter;
  readonly eventLog: EventLog;
  readonly blobStore: BlobStore;
  readonly instanceLookup: InstanceLookup;
  readonly storageQuota: StorageQuota;
  readonly runtimeSettings: RuntimeSettings;
  readonly serverControl: ServerControl;
  readonly metricsSource: MetricsSource;
  readonly logger: Logger;
  readonly dictionary: DicomDictionary;
}
