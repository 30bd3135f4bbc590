import { listOf } from '../types/collections.js';
import { boolean, integer, oneOf, pattern } from '../types/scalars.js';
import { option, optional, section } from '../option.js';
import { EVENT_LOG_OPTIONS } from './event-log.js';
import { BLOB_STORAGE_OPTIONS } from './blob-storage.js';
import { ARCHIVE_OPTIONS } from './archives.js';
import { EXPORT_OPTIONS } from './exports.js';
import { CORS_OPTIONS } from './cors.js';
import { LIMIT_OPTIONS } from './limits.js';
import { VAULT_OPTIONS } from './vault.js';

const databaseUrl = pattern('a URL as postgres://user:password@host:port/database', /^postgres(ql)?:\/\/\S+$/, true);

/** The parts of the server a process can play. */
export const ROLES = ['api', 'dicom', 'projector', 'jobs'] as const;

/** What Annal has and Orthanc does not. */
export const ANNAL_OPTIONS = section("Annal's own settings.", {
  Database: section('PostgreSQL.', {
    Url: optional(
      { ...databaseUrl, secret: true },
      'used',
      'The database: postgres://user:password@host:port/database.',
      {
        defaultNote: 'none: the embedded PostgreSQL in IndexDirectory',
      },
    ),
  }),
  EventLog: EVENT_LOG_OPTIONS,
  Storage: BLOB_STORAGE_OPTIONS,
  Vault: VAULT_OPTIONS,
  Roles: option(
    listOf(oneOf(...ROLES), 1),
    ROLES,
    'used',
    'What this process does: "api" answers requests, "projector" folds a log in Kafka and looks after the archive, "jobs" runs jobs beside answering requests. "dicom" has nothing to do yet.',
  ),
  Workers: option(
    integer(0, 1024),
    0,
    'used',
    'The number of HTTP worker processes; 0: one less than there are cores, at least one.',
    {
      unit: 'processes',
    },
  ),
  Archives: ARCHIVE_OPTIONS,
  Cors: CORS_OPTIONS,
  DicomWebClientRequests: option(
    integer(1, 64),
    4,
    'used',
    'How many requests a job sends to another DICOMweb server at once.',
    { unit: 'requests' },
  ),
  DicomWebDelete: option(
    boolean,
    false,
    'used',
    'Whether DICOMweb clients may delete studies, series and instances (DELETE, for which Orthanc has "HasDelete").',
  ),
  DicomWebStrictStatus: option(
    boolean,
    false,
    'used',
    "Whether DICOMweb answers with the statuses of the standard (202, 204, 406, 409) where those of Orthanc's plugin differ.",
  ),
  PeerStoreRequests: option(integer(1, 64), 8, 'used', 'How many instances a job sends to a peer at once.', {
    unit: 'instances',
  }),
  Exports: EXPORT_OPTIONS,
  Limits: LIMIT_OPTIONS,
});
