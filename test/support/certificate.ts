import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for localhost that signed itself, in a folder of its own. */
export interface TestCertificate {
  /** The path of the certificate in PEM form. */
  readonly file: string;
  readonly cert: string;
  readonly key: string;
  remove(): void;
}

/** Makes a certificate with openssl. @param names of further hosts that it is for */
export function makeCertificate(...names: readonly string[]): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'annal-certificate-'));
  const [file, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = [
    '-subj',
    '/CN=localhost',
    '-addext',
    `subjectAltName=${['localhost', ...names].map((name) => `DNS:${name}`).join()}`,
  ];
  const request = ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-days', '2', ...subject];
  execFileSync('openssl', [...request, '-keyout', key, '-out', file], { stdio: 'ignore' });
  return {
    file,
    cert: readFileSync(file, 'utf8'),
    key: readFileSync(key, 'utf8'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
