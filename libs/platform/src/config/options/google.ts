import { mapOf } from '../types/collections.js';
import { API_URL, googleAccount } from '../types/google-account.js';
import { integer, pattern } from '../types/scalars.js';
import { option, section } from '../option.js';

/** Accounts of Google Cloud Platform, each of which is a DICOMweb server. */
export const GOOGLE_OPTIONS = section('DICOM stores of Google Cloud Platform as DICOMweb servers.', {
  Accounts: option(
    mapOf(googleAccount),
    {},
    'used',
    'The names of DICOMweb servers, each to the DICOM store it stands for (Project, Location, Dataset, DicomStore) and the credentials for it: ServiceAccountFile, AuthorizedUserFile, or AuthorizedUserClientId, AuthorizedUserClientSecret and AuthorizedUserRefreshToken; BaseUrl and Timeout where they differ from those below.',
    { relativeTo: 'working-directory', pathIn: ['ServiceAccountFile', 'AuthorizedUserFile'], isMap: true },
  ),
  BaseUrl: option(
    pattern('a URL that begins with https:// or http://', API_URL),
    'https://healthcare.googleapis.com/v1beta1/',
    'used',
    'The URL of the Healthcare API, below which the DICOM stores are.',
  ),
  Timeout: option(
    integer(),
    0,
    'used',
    'How long a request for a token, or to one of these DICOM stores, waits for an answer; 0: HttpTimeout.',
    { unit: 'seconds' },
  ),
});
