import { listOf, mapOf } from '../types/collections.js';
import { tagName } from '../types/dicom.js';
import { dicomWebServer } from '../types/remotes.js';
import { boolean, integer, oneOf, pattern, text } from '../types/scalars.js';
import { option, optional, section } from '../option.js';

/** Slashes at its ends do not matter; names as they stand in URLs. */
const root = pattern('a path with a name in it, such as "/dicom-web/"', /^\/?(?:[\w.~-]+\/)*[\w.~-]+\/?$/);
const metadata = oneOf('Full', 'MainDicomTags', 'Extrapolate');
const tags = listOf(tagName);

const EXTRAPOLATED_IN_SERIES = [
  'BitsAllocated',
  'BitsStored',
  'Columns',
  'HighBit',
  'PhotometricInterpretation',
  'PixelSpacing',
  'PlanarConfiguration',
  'RescaleIntercept',
  'RescaleSlope',
  'Rows',
  'SOPClassUID',
  'SamplesPerPixel',
  'SliceThickness',
];

/** The DICOMweb server and client. */
export const DICOMWEB_OPTIONS = section(
  'DICOMweb: QIDO-RS, WADO-RS, STOW-RS, WADO-URI, and the client for other DICOMweb servers.',
  {
    Enable: option(boolean, true, 'used', 'Whether DICOMweb is served.'),
    Root: option(root, '/dicom-web/', 'used', 'The path under which QIDO-RS, WADO-RS and STOW-RS are served.'),
    PublicRoot: option(text, '', 'used', 'This path as clients see it, behind a reverse proxy.', {
      defaultNote: 'the value of Root',
    }),
    EnableWado: option(boolean, true, 'used', 'Whether WADO-URI is served.'),
    WadoRoot: option(root, '/wado', 'used', 'The path of WADO-URI.'),
    Host: option(text, '', 'used', "The host in the URLs of answers; empty: the request's."),
    Ssl: option(
      boolean,
      false,
      'used',
      'Whether the URLs of answers begin with https where no Forwarded header decides.',
    ),
    QidoCaseSensitive: optional(boolean, 'used', 'Whether QIDO-RS tells capital letters from small ones.', {
      defaultNote: 'the value of CaseSensitivePN',
    }),
    StudiesMetadata: option(
      metadata,
      'Full',
      'used',
      'What the metadata of a study have. Annal takes all tags from its index, so "Full" costs no more.',
    ),
    SeriesMetadata: option(metadata, 'Full', 'used', 'What the metadata of a series have.'),
    StudiesMetadataExtrapolatedTags: option(
      tags,
      ['AcquisitionDate'],
      'used',
      'Tags of the "Extrapolate" mode that are taken to be the same in a whole study.',
    ),
    SeriesMetadataExtrapolatedTags: option(
      tags,
      EXTRAPOLATED_IN_SERIES,
      'used',
      'Tags of the "Extrapolate" mode that are taken to be the same in a whole series.',
    ),
    EnableMetadataCache: option(
      boolean,
      true,
      'no-effect',
      'Whether metadata are kept ready; Annal always keeps them, within MetadataCacheSize.',
    ),
    EnablePerformanceLogs: option(
      boolean,
      false,
      'used',
      'Whether the time spent on DICOMweb requests is logged, at the level of `--verbose`.',
    ),
    MetadataWorkerThreadsCount: option(
      integer(),
      4,
      'no-effect',
      'Threads that read metadata from files; Annal reads none for it.',
    ),
    WadoRsLoaderThreadsCount: option(
      integer(),
      0,
      'used',
      'How many files are read ahead in answers of WADO-RS; 0: as many as Annal finds right.',
      { unit: 'files' },
    ),
    Servers: option(
      mapOf(dicomWebServer),
      {},
      'used',
      'Other DICOMweb servers: a name to [URL, user, password] or to an object with Url and further settings.',
    ),
    StowMaxInstances: option(
      integer(),
      0,
      'used',
      'The most instances that one STOW-RS request to another server has; 0: as many as Annal finds right.',
      { unit: 'instances' },
    ),
    StowMaxSize: option(
      integer(),
      0,
      'used',
      'The most that one STOW-RS request to another server has; one instance in any case; 0: as much as Annal finds right.',
      { unit: 'MB' },
    ),
    ServersInDatabase: option(
      boolean,
      false,
      'used',
      'Whether other DICOMweb servers are kept in the index, as the REST API sets them, and not here.',
    ),
  },
);
