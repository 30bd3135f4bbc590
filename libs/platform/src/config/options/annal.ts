import { listOf } from '../types/collections.js';
import { integer, oneOf, pattern } from '../types/scalars.js';
import { option, optional, section } from '../option.js';
import { BLOB_STORAGE_OPTIONS } from './blob-storage.js';
import { LIMIT_OPTIONS } from './limits.js';

const databaseUrl = pattern('a URL as postgres://user:password@host:port/database', /^postgres(ql)?:\/\/\S+$/, true);
const broker = pattern('host:port', /^[^\s:]+:\d{1,5}$/);
const topic = pattern('a topic name of letters, digits, ".", "_" and "-"', /^[A-Za-z0-9._-]{1,249}$/);

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
  EventLog: section('The event log, the truth everything else is made from.', {
    Kind: option(
      oneOf('postgres', 'kafka'),
      'postgres',
      'used',
      'Where the log is kept. This version has "postgres" alone.',
    ),
    Brokers: option(listOf(broker), [], 'planned', 'The Kafka brokers, each as host:port.'),
    Topic: option(topic, 'annal.events', 'planned', 'The Kafka topic of the log.'),
    ChangesTopic: option(topic, 'annal.changes', 'planned', 'The Kafka topic that changes are published to.'),
  }),
  Storage: BLOB_STORAGE_OPTIONS,
  Roles: option(
    listOf(oneOf(...ROLES), 1),
    ROLES,
    'planned',
    'What this process does: "api", "dicom", "projector", "jobs".',
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
  Limits: LIMIT_OPTIONS,
});
