/** What the process wires up once and every module may inject (`@Inject(TOKEN)`). */
/** AnnalConfiguration: validated, read-only. */
export const CONFIGURATION = Symbol('CONFIGURATION');
/** pg.Pool on the live read models. */
export const POOL = Symbol('POOL');
/** EventWriter: appends events and waits until they are folded. */
export const EVENT_WRITER = Symbol('EVENT_WRITER');
/** EventLog: for reading only; appends go through EVENT_WRITER. */
export const EVENT_LOG = Symbol('EVENT_LOG');
/** BlobStore with the DICOM files. */
export const BLOB_STORE = Symbol('BLOB_STORE');
/** RuntimeSettings: what `PUT /tools/…` changes, the same in all processes. */
export const RUNTIME_SETTINGS = Symbol('RUNTIME_SETTINGS');
/** ServerControl: acts on all processes of this server. */
export const SERVER_CONTROL = Symbol('SERVER_CONTROL');
/** pino.Logger. */
export const LOGGER = Symbol('LOGGER');
/** DicomDictionary: the standard's, the private and the configured data elements. */
export const DICTIONARY = Symbol('DICTIONARY');
/** MetricsSource: the metrics of all processes of this server. */
export const METRICS_SOURCE = Symbol('METRICS_SOURCE');
/** Vault: seals what the log holds of patients, opens it again. */
export const VAULT = Symbol('VAULT');
/** JobLeases: who runs which job. */
export const JOB_LEASES = Symbol('JOB_LEASES');
/** string: this run of the server, a UUID that all its processes share until the primary ends. */
export const RUN = Symbol('RUN');
/** Date: older jobs are of a last run that is not to go on; undefined: all go on. */
export const JOBS_FORGOTTEN_BEFORE = Symbol('JOBS_FORGOTTEN_BEFORE');
/** ResourceLookup. */
export const RESOURCE_LOOKUP = Symbol('RESOURCE_LOOKUP');
/** StorageQuota. */
export const STORAGE_QUOTA = Symbol('STORAGE_QUOTA');
