import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for localhost that signed itself, in a folder of its own. */
export interface TestCertificate {
  /** The path of the certificate in PEM form. */
  readonly file: string;
  /** The path of the certificate and its key in one, as `SslCertificate` wants them. */
  readonly withKey: string;
  readonly cert: string;
  readonly key: string;
  remove(): void;
}

/** Makes a certificate with openssl. @param names of further hosts that it is for */
export function makeCertificate(...names: readonly string[]): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'annal-certificate-'));
  const [file, key, withKey] = ['cert.pem', 'key.pem', 'both.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const subject = [
    '-subj',
    '/CN=localhost',
    '-addext',
    `subjectAltName=${['localhost', ...names].map((name) => `DNS:${name}`).join()}`,
  ];
  const request = ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-days', '2', ...subject];
  execFileSync('openssl', [...request, '-keyout', key, '-out', file], { stdio: 'ignore' });
  const [certText, keyText] = [readFileSync(file, 'utf8'), readFileSync(key, 'utf8')];
  writeFileSync(withKey, certText + keyText);
  return {
    file,
    withKey,
    cert: certText,
    key: keyText,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
