import { option, optional, section } from '../option.js';
import { listOf } from '../types/collections.js';
import { boolean, oneOf, pattern, secret, text } from '../types/scalars.js';

const broker = pattern('host:port', /^[^\s:]+:\d{1,5}$/);
const topic = pattern('a topic name of letters, digits, ".", "_" and "-"', /^[A-Za-z0-9._-]{1,200}$/);
const tokenUrl = pattern('an http or https URL', /^https?:\/\/\S+$/);

/** Where the events are kept. */
export const EVENT_LOG_OPTIONS = section('The event log, the truth everything else is made from.', {
  Kind: option(oneOf('postgres', 'kafka'), 'postgres', 'used', 'Where the log is kept: in the database, or in Kafka.'),
  Brokers: option(listOf(broker), [], 'used', 'The Kafka brokers, each as host:port.'),
  Topic: option(
    topic,
    'annal.events',
    'used',
    'The Kafka topic of the log: it has one partition, and is created where it is missing. What operators decide about it lies in the topic of this name with ".control" behind it.',
  ),
  ChangesTopic: option(
    topic,
    'annal.changes',
    'used',
    'The Kafka topic that changes are published to: it has one partition, and is created where it is missing.',
  ),
  DevelopmentBroker: option(
    boolean,
    false,
    'used',
    'Whether topics of a single replica will do, as a single broker has them: when it is lost, so are the events.',
  ),
  Tls: section('Encryption of the connections to the brokers.', {
    Enabled: option(boolean, false, 'used', 'Whether connections are encrypted.'),
    CaFile: optional(text, 'used', "The certificates that the brokers' ones are checked with, in PEM.", {
      relativeTo: 'configuration',
      defaultNote: "the machine's own",
    }),
    CertificateFile: optional(text, 'used', 'The certificate shown to the brokers, in PEM.', {
      relativeTo: 'configuration',
      defaultNote: 'none',
    }),
    KeyFile: optional(text, 'used', 'Its private key, in PEM.', { relativeTo: 'configuration', defaultNote: 'none' }),
    Verify: option(boolean, true, 'used', "Whether the brokers' certificates are checked."),
  }),
  Sasl: section('How to log in at the brokers.', {
    Mechanism: option(
      oneOf('none', 'plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'),
      'none',
      'used',
      'The mechanism.',
    ),
    Username: optional(text, 'used', 'The user of "plain" and "scram".', { defaultNote: 'none' }),
    Password: optional(secret, 'used', 'Its password.', { defaultNote: 'none' }),
    TokenFile: optional(text, 'used', 'A file with the token of "oauthbearer", read again for each connection.', {
      relativeTo: 'configuration',
      defaultNote: 'none',
    }),
    TokenUrl: optional(
      tokenUrl,
      'used',
      'Where "oauthbearer" gets tokens with client credentials (RFC 6749, section 4.4).',
      { defaultNote: 'none' },
    ),
    ClientId: optional(text, 'used', 'The client at TokenUrl.', { defaultNote: 'none' }),
    ClientSecret: optional(secret, 'used', 'Its secret.', { defaultNote: 'none' }),
    Scope: optional(text, 'used', 'The scope asked for at TokenUrl.', { defaultNote: 'none' }),
  }),
});
