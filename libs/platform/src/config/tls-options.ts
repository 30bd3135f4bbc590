import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { type AnnalConfiguration } from './configuration.js';
import { reason } from './source/files.js';

/** What an HTTPS server is made with. */
export interface HttpsServerOptions {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: SecureVersion;
  readonly ciphers?: string;
}

const PROTOCOLS: readonly SecureVersion[] = ['TLSv1', 'TLSv1', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/**
 * Reads and checks the certificates of the HTTPS server (SslCertificate, SslTrustedClientCertificates and their kin).
 * @throws Error naming the option and the file that is missing, unreadable or no PEM, and what it must hold
 */
export function readHttpsOptions(configuration: AnnalConfiguration): HttpsServerOptions {
  const pem = readPem('SslCertificate', configuration.SslCertificate);
  const ciphers = configuration.SslCiphersAccepted.join(':');
  const options = {
    cert: pem,
    key: pem,
    ca: configuration.SslVerifyPeers
      ? readCertificates('SslTrustedClientCertificates', configuration.SslTrustedClientCertificates)
      : undefined,
    requestCert: configuration.SslVerifyPeers,
    rejectUnauthorized: configuration.SslVerifyPeers,
    minVersion: PROTOCOLS[configuration.SslMinimumProtocolVersion] ?? 'TLSv1.2',
    ciphers: ciphers === '' ? undefined : ciphers,
  };
  try {
    createSecureContext({ cert: pem, key: pem, minVersion: options.minVersion, ciphers: options.ciphers });
  } catch (error) {
    const wanted = 'the file must hold a certificate and its private key in PEM form, one after the other';
    throw new Error(`SslCertificate (${configuration.SslCertificate}) cannot be used, ${reason(error)}: ${wanted}`);
  }
  return options;
}

/**
 * The certificates of Annal.Storage.S3.CertificateAuthority in PEM form, undefined where there is none.
 * @throws Error naming the option and the file that is missing, unreadable or holds no certificate
 */
export function readS3CertificateAuthority({ Annal }: AnnalConfiguration): string | undefined {
  const file = Annal.Storage.S3.CertificateAuthority;
  return file === undefined ? undefined : readCertificates('Annal.Storage.S3.CertificateAuthority', file);
}

/**
 * The certificates of HttpsCACertificates in PEM form, undefined where the system's authorities are trusted.
 * @throws Error naming the option and the file that is missing, unreadable or holds no certificate
 */
export function readOutgoingCertificateAuthorities({ HttpsCACertificates }: AnnalConfiguration): string | undefined {
  return HttpsCACertificates === '' ? undefined : readCertificates('HttpsCACertificates', HttpsCACertificates);
}

function readCertificates(option: string, file: string): string {
  const pem = readPem(option, file);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    blocks.forEach((block) => new X509Certificate(block));
    if (blocks.length > 0) return pem;
  } catch {
    // told below
  }
  throw new Error(`${option} (${file}) cannot be used: the file must hold certificates in PEM form`);
}

function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${option} (${file}) cannot be read: ${reason(error)}. Give the path of a PEM file`);
  }
}
