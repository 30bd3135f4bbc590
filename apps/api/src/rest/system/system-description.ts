import { byName, component, exactly, flag, type Schema, text, whole } from '../../http/open-api/schema.js';

const SIGNATURE = text('The main DICOM tags of the level, by number');

/** What `/system` says (`system-information.ts`). */
export const SYSTEM: Schema = component(
  'System',
  exactly({
    AnnalVersion: text('The version of this server'),
    ApiVersion: whole("The version of Orthanc's REST API"),
    Capabilities: byName(flag('Whether there is such a thing')),
    CheckRevisions: flag('Whether changes need the revision of what they change'),
    DatabaseBackendPlugin: { ...text('None'), nullable: true },
    DatabaseServerIdentifier: text('The identifier of the archive'),
    DatabaseVersion: whole("The version of Orthanc's database"),
    DefaultRetrieveMethod: text('How the DICOM server retrieves', ['C-MOVE', 'C-GET']),
    DicomAet: text('The application entity of the DICOM server'),
    DicomPort: whole('The port of the DICOM server'),
    HasLabels: flag('Whether resources may bear labels'),
    HttpPort: whole('The port of the web server'),
    IngestTranscoding: text('The transfer syntax into which what comes in is put; empty: none'),
    IsHttpServerSecure: flag('Whether the web server is not open to everybody'),
    MainDicomTags: exactly({ Instance: SIGNATURE, Patient: SIGNATURE, Series: SIGNATURE, Study: SIGNATURE }),
    MaximumPatientCount: whole('0: no limit'),
    MaximumStorageMode: text('What happens at the limits', ['Recycle', 'Reject']),
    MaximumStorageSize: whole('Megabytes; 0: no limit'),
    Name: text('The name of this server'),
    OverwriteInstances: flag('Whether what comes again replaces what is there'),
    PluginsEnabled: flag('Whether there are plugins'),
    ReadOnly: flag('Whether nothing can be changed'),
    StorageAreaPlugin: { ...text('None'), nullable: true },
    StorageCompression: flag('Whether files are stored compressed'),
    UserMetadata: byName(whole('The number of the metadata')),
    Version: text('The version of Orthanc whose REST API is served'),
  }),
);
