import { type AnnalConfiguration } from '../configuration.js';
import { type Findings } from '../source/source.js';
import { checkEventLog } from './event-log.js';

/** Options that only make sense together. */
export function checkConsistency(configuration: AnnalConfiguration, findings: Findings): void {
  const orthanc = configuration;
  if (orthanc.HttpServerEnabled && orthanc.DicomServerEnabled && orthanc.HttpPort === orthanc.DicomPort) {
    findings.errors.push(`HttpPort and DicomPort are both ${orthanc.HttpPort}: choose two different ports`);
  }
  checkEventLog(configuration, findings);
  const { Cors } = orthanc.Annal;
  if (Cors.AllowCredentials && Cors.AllowedOrigins.includes('*')) {
    findings.errors.push(
      'Annal.Cors: "*" with AllowCredentials lets every web page act for whoever is logged in: name the origins, or set AllowCredentials to false',
    );
  }
  if (
    orthanc.DicomTlsEnabled &&
    (orthanc.DicomTlsCertificate === undefined || orthanc.DicomTlsPrivateKey === undefined)
  ) {
    findings.errors.push('DicomTlsEnabled is true: set DicomTlsCertificate and DicomTlsPrivateKey, or set it to false');
  }
  if (orthanc.OHIF.DataSource === 'dicom-web' && !orthanc.DicomWeb.Enable) {
    findings.errors.push(
      'OHIF.DataSource is "dicom-web": set DicomWeb.Enable to true, or OHIF.DataSource to "dicom-json"',
    );
  }
  for (const name of Object.keys(orthanc.GoogleCloudPlatform.Accounts)) {
    if (Object.hasOwn(orthanc.DicomWeb.Servers, name)) {
      findings.errors.push(
        `${JSON.stringify(name)} is both in DicomWeb.Servers and in GoogleCloudPlatform.Accounts: each DICOMweb server needs a name of its own`,
      );
    }
  }
  if (!orthanc.SyncStorageArea) {
    findings.warnings.push('SyncStorageArea is false: a power cut can lose images whose arrival was acknowledged');
  }
}
