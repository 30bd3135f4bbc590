import { listOf, mapOf } from '../types/collections.js';
import { uid, uidPattern } from '../types/dicom.js';
import { modality, peer } from '../types/remotes.js';
import { boolean, integer, oneOf, port, text } from '../types/scalars.js';
import { option, optional } from '../option.js';

const seconds = { unit: 'seconds' };
const fromWorkingDirectory = { relativeTo: 'working-directory', defaultNote: 'none' } as const;

/** The DICOM server, other modalities, other servers. */
export const DICOM_NETWORK_OPTIONS = {
  DicomServerEnabled: option(
    boolean,
    true,
    'planned',
    'Whether the DICOM server runs (C-ECHO, C-STORE, C-FIND, C-MOVE, C-GET).',
  ),
  DicomPort: option(port, 4242, 'planned', 'The TCP port of the DICOM server.'),
  DicomCheckCalledAet: option(boolean, false, 'planned', 'Whether callers must call this server by its own title.'),
  StrictAetComparison: option(
    boolean,
    false,
    'planned',
    'Whether titles are compared with their capital and small letters.',
  ),
  DicomCheckModalityHost: option(
    boolean,
    false,
    'planned',
    'Whether a known modality must call from its configured host.',
  ),
  DicomAlwaysAllowEcho: option(boolean, true, 'planned', 'Whether modalities that are not configured may C-ECHO.'),
  DicomAlwaysAllowStore: option(boolean, true, 'planned', 'Whether modalities that are not configured may C-STORE.'),
  DicomAlwaysAllowFind: option(boolean, false, 'planned', 'Whether modalities that are not configured may C-FIND.'),
  DicomAlwaysAllowFindWorklist: option(
    boolean,
    false,
    'planned',
    'Whether modalities that are not configured may query worklists.',
  ),
  DicomAlwaysAllowGet: option(boolean, false, 'planned', 'Whether modalities that are not configured may C-GET.'),
  DicomAlwaysAllowMove: option(boolean, false, 'planned', 'Whether modalities that are not configured may C-MOVE.'),
  DicomScpTimeout: option(
    integer(),
    30,
    'planned',
    'How long the DICOM server keeps an idle association; 0: for ever.',
    seconds,
  ),
  DicomScuTimeout: option(
    integer(),
    10,
    'planned',
    'How long Annal waits for another modality to answer; 0: for ever.',
    seconds,
  ),
  DicomAssociationCloseDelay: option(
    integer(),
    5,
    'no-effect',
    'How long Lua scripts keep an association; Annal runs none.',
    seconds,
  ),
  DicomThreadsCount: option(
    integer(1),
    4,
    'no-effect',
    'The number of DICOM threads; Annal has no thread for each operation.',
  ),
  MaximumPduLength: option(
    integer(4096, 131072),
    16384,
    'planned',
    'The largest protocol data unit (PS3.8 annex D.1).',
    { unit: 'bytes' },
  ),
  SynchronousCMove: option(boolean, true, 'planned', 'Whether C-MOVE answers after the transfer, not before.'),
  DicomEchoChecksFind: option(boolean, false, 'planned', 'Whether a test of a modality tries C-FIND too.'),
  DicomDefaultRetrieveMethod: option(
    oneOf('C-MOVE', 'C-GET'),
    'C-MOVE',
    'planned',
    'How images are fetched from other modalities.',
  ),
  DicomModalities: option(
    mapOf(modality),
    {},
    'planned',
    'The modalities Annal knows: a name to [AET, host, port, manufacturer] or to an object with AET, Host, Port and further settings.',
  ),
  DicomModalitiesInDatabase: option(boolean, false, 'planned', 'Whether modalities are kept in the index, not here.'),
  OrthancPeers: option(
    mapOf(peer),
    {},
    'used',
    'Other servers with this REST API: a name to [URL, user, password] or to an object with Url and further settings.',
  ),
  OrthancPeersInDatabase: option(
    boolean,
    false,
    'used',
    'Whether peers are kept in the index, as the REST API sets them, and not here.',
  ),
  UnknownSopClassAccepted: option(
    boolean,
    false,
    'used',
    'Whether the DICOM server takes storage classes it does not know; shown at /tools/unknown-sop-class-accepted.',
  ),
  AcceptedSopClasses: option(
    listOf(uidPattern),
    [],
    'planned',
    'The storage classes the DICOM server takes; * and ? allowed.',
    {
      defaultNote: 'none: all that are known',
    },
  ),
  RejectedSopClasses: option(
    listOf(uidPattern),
    [],
    'planned',
    'The storage classes the DICOM server refuses; * and ? allowed.',
  ),
  AcceptedTransferSyntaxes: option(
    listOf(uidPattern),
    ['1.2.840.10008.1.*'],
    'used',
    'The transfer syntaxes the DICOM server takes; * and ? allowed; shown at /tools/accepted-transfer-syntaxes.',
  ),
  DicomScuPreferredTransferSyntax: option(
    uid,
    '1.2.840.10008.1.2.1',
    'planned',
    'What is sent to a modality that does not take the transfer syntax of a stored file.',
  ),
  DicomTlsEnabled: option(boolean, false, 'planned', 'Whether the DICOM server speaks TLS.'),
  DicomTlsCertificate: optional(
    text,
    'planned',
    'A PEM file with the certificate for DICOM over TLS.',
    fromWorkingDirectory,
  ),
  DicomTlsPrivateKey: optional(
    text,
    'planned',
    'A PEM file with the private key of this certificate.',
    fromWorkingDirectory,
  ),
  DicomTlsTrustedCertificates: optional(
    text,
    'planned',
    'A PEM file with the certificates trusted in DICOM over TLS.',
    fromWorkingDirectory,
  ),
  DicomTlsRemoteCertificateRequired: option(
    boolean,
    true,
    'planned',
    'Whether the other side must show a trusted certificate.',
  ),
  DicomTlsMinimumProtocolVersion: option(
    integer(0, 5),
    0,
    'planned',
    'The oldest protocol: 5 TLS 1.3, 4 TLS 1.2, 3 TLS 1.1, 2 and 1 TLS 1.0; 0: as BCP 195 says.',
  ),
  DicomTlsCiphersAccepted: option(listOf(text), [], 'planned', "The ciphers accepted, by OpenSSL's names.", {
    defaultNote: 'none: as BCP 195 says',
  }),
};
