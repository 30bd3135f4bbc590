import { encryptionKey } from '../types/encryption-key.js';
import { listOf } from '../types/collections.js';
import { boolean, integer, oneOf, pattern, positiveNumber, secret, text } from '../types/scalars.js';
import { option, optional, section } from '../option.js';

const MIB = 1024 * 1024;

const bucket = pattern(
  'the name of a bucket or the ARN of an access point',
  /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[^\s]+)$/,
);
const endpoint = pattern('a URL as https://host:port, without user name and path', /^https?:\/\/[^\s/@?#]+\/?$/, true);
const prefix = pattern(
  'nothing, or names that each end with a slash, such as "annal/"',
  /^((?!\.{1,2}\/)[A-Za-z0-9!_.*'()-]+\/)*$/,
);
const key = pattern('a key of 32 bytes in base64', /^[A-Za-z0-9+/]{43}=$/, true);

/** What S3 itself encrypts, and with which key. */
const SERVER_SIDE_ENCRYPTION = section('Encryption by S3, with its keys or one that it is given and does not keep.', {
  Kind: option(
    oneOf('default', 's3', 'kms', 'customer'),
    'default',
    'used',
    'Which keys. "default": as the bucket says; "s3": with keys of S3 (SSE-S3); "kms": with a key of the key management service (SSE-KMS); "customer": with CustomerKey (SSE-C).',
  ),
  KmsKeyId: optional(text, 'used', 'The key of the key management service, by identifier, alias or ARN.', {
    defaultNote: "the account's own key for S3",
  }),
  CustomerKey: optional(key, 'used', 'The key that every request carries, 32 bytes in base64.', {
    defaultNote: 'none',
  }),
});

/** The S3 bucket of the DICOM files. */
const S3_OPTIONS = section('The bucket.', {
  Bucket: optional(bucket, 'used', 'Its name. It must be there: Annal makes none.', { defaultNote: 'none' }),
  Prefix: option(prefix, '', 'used', 'What the names of all objects begin with, where others use the bucket too.'),
  Region: optional(text, 'used', 'Its region.', {
    defaultNote: 'that of the environment (AWS_REGION); "us-east-1" with an Endpoint',
  }),
  Endpoint: optional(endpoint, 'used', 'The URL of a service other than that of Amazon.', { defaultNote: 'none' }),
  ForcePathStyle: option(boolean, false, 'used', "Whether the bucket's name stands in the path, not in the host name."),
  CertificateAuthority: optional(
    text,
    'used',
    'A PEM file with the authority that signed the certificate of Endpoint, where the system does not know it.',
    { relativeTo: 'configuration', defaultNote: 'the authorities known to Node' },
  ),
  AccessKeyId: optional(text, 'used', "The access key's name.", {
    defaultNote: "what the environment, a profile or the machine's role gives",
  }),
  SecretAccessKey: optional(secret, 'used', 'The access key.', { defaultNote: 'none' }),
  MaxAttempts: option(integer(1, 20), 4, 'used', 'How often a request is tried before it fails.', { unit: 'times' }),
  ConnectionTimeout: option(positiveNumber, 5, 'used', 'How long a connection to S3 may take to come about.', {
    unit: 'seconds',
  }),
  RequestTimeout: option(
    positiveNumber,
    15,
    'used',
    'How long one try of a request may take until its answer begins, and how long an answer may pause.',
    { unit: 'seconds' },
  ),
  PartSize: option(
    integer(5 * MIB, 512 * MIB),
    8 * MIB,
    'used',
    'A larger file is sent in parts of this size while it comes in. An upload holds one in memory; S3 takes 10,000 of them.',
    { unit: 'bytes' },
  ),
  MaxConcurrentParts: option(integer(1, 256), 8, 'used', 'The most parts one process sends at once.', {
    unit: 'parts',
  }),
  ConditionalWrites: option(
    boolean,
    true,
    'used',
    'Whether S3 is told never to replace an object (If-None-Match); false for services that refuse that.',
  ),
  Checksums: option(
    boolean,
    true,
    'used',
    'Whether S3 is given a CRC32 of all that is sent, and checks it; false for services that refuse that.',
  ),
  ServerSideEncryption: SERVER_SIDE_ENCRYPTION,
});

/** Annal.Storage: where DICOM files are kept, and how they are encrypted. */
export const BLOB_STORAGE_OPTIONS = section('Where DICOM files are kept.', {
  Kind: option(oneOf('filesystem', 's3'), 'filesystem', 'used', 'In StorageDirectory or in an S3 bucket.'),
  S3: S3_OPTIONS,
  Encryption: section('Encryption by Annal itself (AES-256-GCM), in files and in S3 alike.', {
    Keys: option(
      listOf(encryptionKey),
      [],
      'used',
      'The keys, such as { "Id": "2026", "Key": "32 bytes in base64" } or { "Id": "2026", "KeyFile": "a file with them" }: the first one encrypts, all of them decrypt. None: nothing is encrypted.',
      { relativeTo: 'configuration', pathIn: 'KeyFile' },
    ),
    AllowUnencrypted: option(
      boolean,
      false,
      'used',
      'Whether files that are not encrypted are read as they are, because they were stored before encryption was set up.',
    ),
  }),
});
