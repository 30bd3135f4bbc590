import { listOf } from '../types/collections.js';
import { boolean, integer, pattern, port, secret, text } from '../types/scalars.js';
import { option, optional, section } from '../option.js';

/** Empty, or with a scheme and a login before the host or without; names no password in messages. */
const proxy = pattern(
  'a proxy such as "user:password@host:port"',
  /^(?:(?:https?:\/\/)?(?:[^\s/@]+@)?[^\s/@:]+(?::\d{1,5})?\/?)?$/,
  true,
);

/** The HTTP server, who may use it, and HTTPS. */
export const HTTP_OPTIONS = {
  HttpServerEnabled: option(
    boolean,
    true,
    'used',
    'Whether the HTTP server runs (REST API, DICOMweb, user interfaces).',
  ),
  HttpPort: option(port, 8042, 'used', 'The TCP port of the HTTP server.'),
  HttpDescribeErrors: option(boolean, true, 'used', 'Whether errors are explained in a JSON body.'),
  HttpCompressionEnabled: option(
    boolean,
    false,
    'used',
    'Whether answers are compressed (gzip, deflate) for clients that accept it.',
  ),
  HttpRequestTimeout: option(
    integer(),
    30,
    'used',
    'How long a connection may stand still within a request before it is closed; 0: for ever.',
    {
      unit: 'seconds',
    },
  ),
  HttpThreadsCount: option(integer(1), 50, 'no-effect', 'The number of HTTP threads; see Annal.Workers.'),
  KeepAlive: option(boolean, true, 'used', 'Whether a connection may serve several requests.'),
  KeepAliveTimeout: option(integer(), 1, 'used', 'How long an idle connection is kept.', { unit: 'seconds' }),
  TcpNoDelay: option(boolean, true, 'used', "Whether Nagle's algorithm is off, so that small packets leave at once."),
  RemoteAccessAllowed: option(
    boolean,
    false,
    'used',
    'Whether other machines may use the HTTP server. Needs RegisteredUsers, or a deliberate "AuthenticationEnabled": false.',
  ),
  AuthenticationEnabled: optional(
    boolean,
    'used',
    'Whether requests need the name and password of one of the RegisteredUsers.',
    {
      defaultNote: 'the value of RemoteAccessAllowed',
    },
  ),
  SslEnabled: option(boolean, false, 'used', 'Whether the HTTP server speaks HTTPS.'),
  SslCertificate: option(
    text,
    'certificate.pem',
    'used',
    'A PEM file with the certificate (and its chain) and the private key, for HTTPS.',
    {
      relativeTo: 'configuration',
    },
  ),
  SslMinimumProtocolVersion: option(
    integer(0, 5),
    4,
    'used',
    'The oldest protocol HTTPS accepts: 5 TLS 1.3, 4 TLS 1.2, 3 TLS 1.1, 2 and less TLS 1.0.',
  ),
  SslCiphersAccepted: option(listOf(text), [], 'used', "The ciphers HTTPS accepts, by OpenSSL's names.", {
    defaultNote: "none: the runtime's own list",
  }),
  SslVerifyPeers: option(
    boolean,
    false,
    'used',
    'Whether HTTPS clients must show a certificate signed by one of SslTrustedClientCertificates.',
  ),
  SslTrustedClientCertificates: option(
    text,
    'trustedClientCertificates.pem',
    'used',
    'A PEM file with the certificates trusted by SslVerifyPeers.',
    {
      relativeTo: 'configuration',
    },
  ),
  OrthancExplorerEnabled: option(boolean, true, 'planned', 'Whether the web interface is served at /app/.'),
  WebDavEnabled: option(
    boolean,
    true,
    'no-effect',
    'Whether the content is published as a WebDAV share; Annal has none.',
  ),
  WebDavDeleteAllowed: option(boolean, false, 'no-effect', 'Whether the WebDAV share may delete.'),
  WebDavUploadAllowed: option(boolean, true, 'no-effect', 'Whether the WebDAV share may upload.'),
  HttpProxy: option(
    proxy,
    '',
    'used',
    "The proxy for outgoing HTTP requests: [user:password@]host:port; empty: the environment's (http_proxy, https_proxy, no_proxy).",
  ),
  HttpVerbose: option(boolean, false, 'used', 'Whether outgoing HTTP requests are logged in detail.'),
  HttpTimeout: option(
    integer(),
    60,
    'used',
    'How long the other side of an outgoing HTTP request may be silent; 0: for ever.',
    { unit: 'seconds' },
  ),
  HttpsVerifyPeers: option(
    boolean,
    true,
    'used',
    'Whether outgoing HTTPS requests check the certificate of the server.',
  ),
  HttpsCACertificates: option(
    text,
    '',
    'used',
    "A PEM file with the authorities trusted by outgoing HTTPS requests; empty: the system's. Read again once it has changed, as clients' certificates are.",
    {
      relativeTo: 'configuration',
    },
  ),
  Pkcs11: section('A smart card or hardware module for outgoing HTTPS requests; Annal has no driver for it.', {
    Module: option(text, '', 'no-effect', 'The library that drives it.'),
    Pin: option(secret, '', 'no-effect', 'Its PIN.'),
    Verbose: option(boolean, false, 'no-effect', 'Whether its use is logged in detail.'),
  }),
};
