import { listOf } from '../types/collections.js';
import { boolean, integer, oneOf, pattern, secret, text } from '../types/scalars.js';
import { option, optional, section } from '../option.js';
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
  Storage: section('Where DICOM files are kept.', {
    Kind: option(
      oneOf('filesystem', 's3'),
      'filesystem',
      'used',
      'In StorageDirectory or in an S3 bucket. This version has "filesystem" alone.',
    ),
    S3: section('The bucket.', {
      Bucket: optional(text, 'planned', 'Its name.', { defaultNote: 'none' }),
      Region: optional(text, 'planned', 'Its region.', { defaultNote: 'none' }),
      Endpoint: optional(text, 'planned', 'The URL of a service other than that of Amazon.', { defaultNote: 'none' }),
      AccessKeyId: optional(text, 'planned', "The access key's name.", { defaultNote: "the machine's own identity" }),
      SecretAccessKey: optional(secret, 'planned', 'The access key.', { defaultNote: 'none' }),
      ForcePathStyle: option(
        boolean,
        false,
        'planned',
        "Whether the bucket's name stands in the path, not in the host name.",
      ),
    }),
  }),
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
