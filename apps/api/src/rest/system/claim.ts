/** The version of Orthanc whose REST API is served, and what clients switch on by it. */
export const CLAIM = {
  Version: '1.12.7',
  ApiVersion: 27,
  Capabilities: { HasExtendedChanges: true, HasExtendedFind: true },
  DatabaseBackendPlugin: null,
  DatabaseVersion: 6,
  HasLabels: true,
  PluginsEnabled: true,
  StorageAreaPlugin: null,
} as const;
