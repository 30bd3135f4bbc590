/**
 * What both servers are told: files are flushed to disk before the answer, and no resource becomes stable during the
 * run, so that no server does that work while the other one is measured.
 */
export const COMMON_CONFIGURATION = {
  SyncStorageArea: true,
  StorageCompression: false,
  OverwriteInstances: false,
  StableAge: 86_400,
  RemoteAccessAllowed: false,
  AuthenticationEnabled: false,
  DicomServerEnabled: false,
} as const;
