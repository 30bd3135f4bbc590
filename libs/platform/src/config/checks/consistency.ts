import { type AnnalConfiguration } from '../configuration.js';
import { type Findings } from '../source/source.js';

/** Options that only make sense together. */
export function checkConsistency(configuration: AnnalConfiguration, findings: Findings): void {
  const { Annal: annal, ...orthanc } = configuration;
  if (orthanc.HttpServerEnabled && orthanc.DicomServerEnabled && orthanc.HttpPort === orthanc.DicomPort) {
    findings.errors.push(`HttpPort and DicomPort are both ${orthanc.HttpPort}: choose two different ports`);
  }
  if (annal.EventLog.Kind === 'kafka') {
    findings.errors.push(
      'Annal.EventLog.Kind: this version keeps the event log in PostgreSQL alone, set it to "postgres"',
    );
  }
  if (annal.Storage.Kind === 's3') {
    findings.errors.push(
      'Annal.Storage.Kind: this version keeps files in StorageDirectory alone, set it to "filesystem"',
    );
  }
  if (
    orthanc.DicomTlsEnabled &&
    (orthanc.DicomTlsCertificate === undefined || orthanc.DicomTlsPrivateKey === undefined)
  ) {
    findings.errors.push('DicomTlsEnabled is true: set DicomTlsCertificate and DicomTlsPrivateKey, or set it to false');
  }
  if (!orthanc.SyncStorageArea) {
    findings.warnings.push('SyncStorageArea is false: a power cut can lose images whose arrival was acknowledged');
  }
}
