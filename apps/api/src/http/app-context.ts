import type { DicomDictionary } from '@annal/dicom';
import type { BlobStore, EventLog, EventWriter, ResourceLookup, StorageQuota } from '@annal/domain';
import type { AnnalConfiguration, JobLeases, Vault } from '@annal/platform';
import type { Queryable } from '@annal/projections';
import type { Logger } from 'pino';
import type { RuntimeSettings } from '../server/runtime-settings.js';
import type { ServerControl } from '../server/server-control.js';
import type { MetricsSource } from './metrics/metrics-source.js';

/** What a process wires up once for its HTTP application; each field can be injected by its token (tokens.ts). */
export interface AppContext {
  readonly configuration: AnnalConfiguration;
  /** A pg.Pool on the live read models. */
  readonly pool: Queryable;
  readonly eventWriter: EventWriter;
  readonly eventLog: EventLog;
  readonly blobStore: BlobStore;
  readonly vault: Pick<Vault, 'seal' | 'sealValue' | 'sealJob' | 'sealRemote' | 'openText' | 'openHeader'>;
  /** This run of the server, a UUID: from the start of its primary process to its end. */
  readonly run: string;
  /** Absent: this process runs no jobs. */
  readonly jobLeases?: JobLeases;
  /** Older jobs are of a last run that is not to go on; absent: all go on. */
  readonly jobsForgottenBefore?: Date | undefined;
  readonly resourceLookup: ResourceLookup;
  readonly storageQuota: StorageQuota;
  readonly runtimeSettings: RuntimeSettings;
  readonly serverControl: ServerControl;
  readonly metricsSource: MetricsSource;
  readonly logger: Logger;
  readonly dictionary: DicomDictionary;
}
