import { aet, DICTIONARY_KEY, dictionaryEntry, tagName, userContentType, userMetadata } from '../types/dicom.js';
import { listOf, mapOf } from '../types/collections.js';
import { boolean, integer, oneOf, secret, text } from '../types/scalars.js';
import { option, optional, section } from '../option.js';
import { ENCODINGS } from './encodings.js';

/** What the server is called, which values it assumes, and what it says in its log. */
export const GENERAL_OPTIONS = {
  Name: option(text, 'MyOrthanc', 'used', 'The name of this server, shown at /system and in user interfaces.'),
  StableAge: option(
    integer(0, 2 ** 31),
    60,
    'used',
    'How long a patient, study or series must have received nothing before it counts as stable.',
    { unit: 'seconds' },
  ),
  DefaultEncoding: option(
    oneOf(...ENCODINGS),
    'Latin1',
    'used',
    'The character set assumed for DICOM files that name none, and used in answers to C-FIND and DICOMweb searches.',
  ),
  Dictionary: option(
    mapOf(dictionaryEntry, DICTIONARY_KEY),
    {},
    'used',
    'DICOM tags to add to the dictionary: "gggg,eeee" to a list of VR, name, least multiplicity (1), greatest multiplicity (1; 0: any) and, for a private tag, its private creator.',
  ),
  ExternalDictionaries: option(
    listOf(text),
    [],
    'used',
    "Dictionaries in DCMTK's format that take the place of the built-in one, the later ones winning.",
    { relativeTo: 'working-directory' },
  ),
  LoadPrivateDictionary: option(boolean, true, 'used', 'Whether the built-in dictionary of private tags is used.'),
  DefaultPrivateCreator: option(
    text,
    '',
    'used',
    'The private creator assumed where a private tag is looked up or written without one.',
  ),
  UserMetadata: option(
    mapOf(userMetadata),
    {},
    'used',
    'Names for your own metadata, each with a number of its own from 1024 to 65535.',
  ),
  UserContentType: option(
    mapOf(userContentType),
    {},
    'used',
    'Names for your own kinds of attachments, each with a number of its own from 1024 to 65535, or a list of that number and a media type.',
  ),
  ReadOnly: option(boolean, false, 'used', 'Whether every request that would change something is refused.'),
  CheckRevisions: option(
    boolean,
    false,
    'used',
    'Whether changes of metadata and attachments must name the revision they replace (ETag, If-Match).',
  ),
  RegisteredUsers: option(mapOf(secret), {}, 'used', 'User names and passwords for basic authentication.'),
  DicomAet: option(aet, 'ORTHANC', 'used', 'The application entity title of this server, shown at /system.'),
  MetricsEnabled: option(boolean, true, 'used', 'Whether metrics are collected for /tools/metrics-prometheus.'),
  DeidentifyLogs: option(
    boolean,
    true,
    'no-effect',
    'Whether the log is kept free of patient data, as it always is here.',
  ),
  DeidentifyLogsDicomVersion: option(
    oneOf('2008', '2017c', '2021b', '2023b'),
    '2023b',
    'no-effect',
    'The edition of DICOM PS3.15 that says which values are personal; Annal always takes the latest it knows.',
  ),
  ExtraMainDicomTags: option(
    mapOf(listOf(tagName), {
      name: '"Patient", "Study", "Series" or "Instance"',
      form: /^(Patient|Study|Series|Instance)$/,
    }),
    {},
    'used',
    'Tags kept in the index beside the main DICOM tags: "Patient", "Study", "Series" and "Instance", each to a list of tags.',
  ),
  Warnings: section('Which warnings go to the log.', {
    W001_TagsBeingReadFromStorage: option(
      boolean,
      true,
      'no-effect',
      'A requested tag had to be read from the DICOM file; all are in the index here.',
    ),
    W002_InconsistentDicomTagsInDb: option(
      boolean,
      true,
      'no-effect',
      'A resource was stored under other ExtraMainDicomTags.',
    ),
    W003_DecoderFailure: option(boolean, true, 'planned', 'A frame could not be decoded.'),
    W004_NoMainDicomTagsSignature: option(
      boolean,
      true,
      'no-effect',
      'A resource does not say which tags it was stored with; none of Annal lacks it.',
    ),
    W005_RequestingTagFromLowerResourceLevel: option(
      boolean,
      true,
      'no-effect',
      'A search asked for a tag of a lower level.',
    ),
    W006_RequestingTagFromMetaHeader: option(
      boolean,
      true,
      'no-effect',
      'A search asked for a tag of the file meta information.',
    ),
    W007_MissingRequestedTagsNotReadFromDisk: option(
      boolean,
      true,
      'no-effect',
      'A requested tag was left out because StorageAccessOnFind is "Never"; none is here.',
    ),
  }),
  DatabaseServerIdentifier: optional(
    text,
    'used',
    'The identifier of this server at /system, where one computed by default would not do.',
    {
      defaultNote: 'computed',
    },
  ),
  Locale: optional(
    text,
    'no-effect',
    'A system locale for comparing text; Annal compares by Unicode, whatever the system.',
    { defaultNote: 'none' },
  ),
};
