export { clientContext, ClientCertificateError } from './client-certificate.js';
export { type AnnalConfiguration } from './configuration.js';
export { configurationPage } from './documents/configuration-page.js';
export { defaultConfigurationFile } from './documents/default-file.js';
export { type EncryptionKey, readEncryptionKeys, readMasterKeys } from './encryption-keys.js';
export { type GoogleCredentials, readGoogleCredentials } from './google-credentials.js';
export { type LoadedConfiguration, loadConfiguration } from './load.js';
export { ROLES } from './options/annal.js';
export { ENCODINGS } from './options/encodings.js';
export { type ConfigurationSource } from './source/source.js';
export {
  type HttpsServerOptions,
  readHttpsOptions,
  readOutgoingCertificateAuthorities,
  readS3CertificateAuthority,
} from './tls-options.js';
export { type DictionaryEntryOptions, type UserContentTypeOptions } from './types/dicom.js';
export { flagOf } from './types/flag.js';
export { type GoogleAccountOptions } from './types/google-account.js';
export { type DicomWebServerOptions, type ModalityOptions, type PeerOptions } from './types/remotes.js';
export { WEB_SERVICE_PARAMETERS } from './types/server-properties.js';
