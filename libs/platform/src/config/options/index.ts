import { ANNAL_OPTIONS } from './annal.js';
import { DICOM_NETWORK_OPTIONS } from './dicom-network.js';
import { DICOMWEB_OPTIONS } from './dicomweb.js';
import { GENERAL_OPTIONS } from './general.js';
import { GOOGLE_OPTIONS } from './google.js';
import { HTTP_OPTIONS } from './http.js';
import { OHIF_OPTIONS } from './ohif.js';
import { SEARCH_AND_JOB_OPTIONS } from './search-and-jobs.js';
import { STORAGE_OPTIONS } from './storage.js';
import { TRANSCODING_OPTIONS } from './transcoding.js';

/** The options by subject, in the order of the documents. */
export const OPTION_GROUPS = [
  { title: 'General', options: GENERAL_OPTIONS },
  { title: 'Storage', options: STORAGE_OPTIONS },
  { title: 'HTTP server', options: HTTP_OPTIONS },
  { title: 'Searches and jobs', options: SEARCH_AND_JOB_OPTIONS },
  { title: 'DICOM network and other servers', options: DICOM_NETWORK_OPTIONS },
  { title: 'Transfer syntaxes', options: TRANSCODING_OPTIONS },
  {
    title: 'Built-in plugins',
    options: { DicomWeb: DICOMWEB_OPTIONS, OHIF: OHIF_OPTIONS, GoogleCloudPlatform: GOOGLE_OPTIONS },
  },
  { title: 'Annal', options: { Annal: ANNAL_OPTIONS } },
] as const;

/** Every option: the top level of the configuration. */
export const OPTIONS = {
  ...GENERAL_OPTIONS,
  ...STORAGE_OPTIONS,
  ...HTTP_OPTIONS,
  ...SEARCH_AND_JOB_OPTIONS,
  ...DICOM_NETWORK_OPTIONS,
  ...TRANSCODING_OPTIONS,
  DicomWeb: DICOMWEB_OPTIONS,
  OHIF: OHIF_OPTIONS,
  GoogleCloudPlatform: GOOGLE_OPTIONS,
  Annal: ANNAL_OPTIONS,
};
