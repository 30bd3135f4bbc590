import { listOf, mapOf } from '../types/collections.js';
import { boolean, integer, oneOf, text } from '../types/scalars.js';
import { option, optional } from '../option.js';

/** Where DICOM files and the index are kept, and how much of them. */
export const STORAGE_OPTIONS = {
  StorageDirectory: option(
    text,
    'data/storage',
    'used',
    'The folder of the DICOM files, made when it does not exist.',
    {
      relativeTo: 'configuration',
    },
  ),
  IndexDirectory: option(
    text,
    'data/index',
    'used',
    'The folder of the embedded PostgreSQL, made when it does not exist; not used when Annal.Database.Url is given.',
    {
      relativeTo: 'configuration',
      defaultNote: 'the value of StorageDirectory if that is given, else "data/index"',
    },
  ),
  TemporaryDirectory: optional(
    text,
    'used',
    'The folder for large temporary files, such as archives that are uploaded; it must exist.',
    {
      relativeTo: 'configuration',
      defaultNote: "the system's folder for temporary files",
    },
  ),
  StorageCompression: option(boolean, false, 'used', 'Whether DICOM files are compressed (deflate) on disk.'),
  SyncStorageArea: option(
    boolean,
    true,
    'used',
    'Whether a DICOM file is flushed to disk (fsync) before its arrival is acknowledged. Without it, a power cut can lose what was acknowledged.',
  ),
  MaximumStorageSize: option(integer(), 0, 'used', 'Room for DICOM files and attachments; 0: no limit.', {
    unit: 'MB',
  }),
  MaximumPatientCount: option(integer(), 0, 'used', 'The largest number of patients kept; 0: no limit.', {
    unit: 'patients',
  }),
  MaximumStorageMode: option(
    oneOf('Recycle', 'Reject'),
    'Recycle',
    'used',
    'What happens when one of these two limits is reached: "Recycle" deletes the oldest unprotected patient, "Reject" refuses what arrives.',
  ),
  OverwriteInstances: option(
    boolean,
    false,
    'used',
    'Whether an instance that is stored again replaces the one that is there; otherwise the new one is dropped. What hangs on the old one goes with it, also labels, metadata, attachments and protection of a series, study or patient that had no other instance, as in Orthanc.',
  ),
  StoreMD5ForAttachments: option(
    boolean,
    true,
    'used',
    'Whether the MD5 of each stored file is kept, to detect damage.',
  ),
  StoreDicom: option(
    boolean,
    true,
    'no-effect',
    'Whether DICOM files are kept beside their index; Annal always keeps them.',
  ),
  MaximumStorageCacheSize: option(
    integer(),
    128,
    'used',
    "Memory in which each worker process keeps files that are stored compressed and were read in parts last, as frame by frame, inflated; a larger file is inflated from its beginning for each part. All other files are left to the operating system's cache.",
    {
      unit: 'MB',
    },
  ),
  RestApiWriteToFileSystemEnabled: option(
    boolean,
    false,
    'used',
    "Whether requests may write files to the server's disk (/instances/{id}/export): wherever the server's own user may, though over nothing but other DICOM files.",
  ),
  LuaScripts: option(listOf(text), [], 'no-effect', 'Lua scripts; Annal runs none.'),
  LuaHeartBeatPeriod: option(integer(), 0, 'no-effect', 'How often a Lua function is called; Annal runs none.', {
    unit: 'seconds',
  }),
  ExecuteLuaEnabled: option(
    boolean,
    false,
    'no-effect',
    'Whether /tools/execute-script runs Lua; Annal always answers 403.',
  ),
  Plugins: option(listOf(text), [], 'no-effect', "Orthanc's plugins to load; what Annal offers of them is built in."),
  JobsEngineThreadsCount: option(
    mapOf(integer()),
    { ResourceModification: 1 },
    'planned',
    'How many threads work on one job, by its kind; 0: all cores.',
  ),
  MallocArenaMax: option(integer(), 5, 'no-effect', "A setting of the C library's memory allocator."),
};
