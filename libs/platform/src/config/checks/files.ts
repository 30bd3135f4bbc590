import { accessSync, constants, mkdtempSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AnnalConfiguration } from '../configuration.js';
import { reason } from '../source/files.js';
import { type Findings } from '../source/source.js';
import { checkClientCertificates } from './client-certificates.js';
import { readEncryptionKeys } from '../encryption-keys.js';
import { readGoogleCredentials } from '../google-credentials.js';
import { readHttpsOptions, readOutgoingCertificateAuthorities, readS3CertificateAuthority } from '../tls-options.js';

/** Folders that must be writable and files that must be readable before the server starts. */
export function checkFiles(configuration: AnnalConfiguration, findings: Findings): void {
  const { Storage } = configuration.Annal;
  if (Storage.Kind === 'filesystem') checkFolder('StorageDirectory', configuration.StorageDirectory, findings);
  else if (Storage.S3.CertificateAuthority !== undefined) {
    checkUsable(() => readS3CertificateAuthority(configuration), findings);
  }
  checkUsable(() => readEncryptionKeys(configuration), findings);
  checkUsable(() => readOutgoingCertificateAuthorities(configuration), findings);
  if (configuration.Annal.Database.Url === undefined)
    checkFolder('IndexDirectory', configuration.IndexDirectory, findings);
  if (configuration.TemporaryDirectory !== undefined) checkTemporary(configuration.TemporaryDirectory, findings);
  const { UserConfiguration } = configuration.OHIF;
  if (UserConfiguration !== undefined) checkReadable('OHIF.UserConfiguration', UserConfiguration, findings);
  for (const [name, account] of Object.entries(configuration.GoogleCloudPlatform.Accounts)) {
    checkUsable(() => readGoogleCredentials(name, account), findings);
  }
  checkClientCertificates(configuration, findings);
  if (configuration.HttpServerEnabled && configuration.SslEnabled) {
    checkUsable(() => readHttpsOptions(configuration), findings);
  }
}

function checkUsable(read: () => unknown, findings: Findings): void {
  try {
    read();
  } catch (error) {
    findings.errors.push(reason(error));
  }
}

function checkFolder(option: string, folder: string, findings: Findings): void {
  const existing = nearestExisting(folder);
  try {
    if (!statSync(existing).isDirectory()) {
      findings.errors.push(`${option}: ${existing} is a file, wanted a folder`);
      return;
    }
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    findings.errors.push(
      `${option}: no right to read and write in ${existing}. Give the server's user that right, or name another folder`,
    );
    return;
  }
  if (!takesFolders(existing))
    findings.errors.push(`${option}: no folder can be made in ${existing}. Name another one`);
}

/**
 * Whether folders can be made in a folder, which only trying tells: root has every right in /proc, where Node would try
 * to make one for ever. A disk that is full says nothing against the folder.
 */
function takesFolders(folder: string): boolean {
  try {
    rmdirSync(mkdtempSync(join(folder, '.annal-')));
    return true;
  } catch (error) {
    return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

function nearestExisting(path: string): string {
  try {
    statSync(path);
    return path;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return (code === 'ENOENT' || code === 'ENOTDIR') && dirname(path) !== path ? nearestExisting(dirname(path)) : path;
  }
}

function checkTemporary(folder: string, findings: Findings): void {
  if (nearestExisting(folder) === folder) checkFolder('TemporaryDirectory', folder, findings);
  else findings.errors.push(`TemporaryDirectory: ${folder} does not exist. Make it, or name another folder`);
}

function checkReadable(option: string, file: string, findings: Findings): void {
  try {
    readFileSync(file);
  } catch (error) {
    findings.errors.push(`${option}: ${file} cannot be read: ${reason(error)}`);
  }
}
