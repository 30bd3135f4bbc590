import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type AnnalConfiguration } from '../configuration.js';
import { reason } from '../source/files.js';
import { type Findings } from '../source/source.js';
import { type PeerOptions } from '../types/remotes.js';

/** The client certificates shown to other servers. They may come later, with a mounted secret: a warning each. */
export function checkClientCertificates({ OrthancPeers, DicomWeb }: AnnalConfiguration, findings: Findings): void {
  const sections = { OrthancPeers, 'DicomWeb.Servers': DicomWeb.Servers };
  for (const [section, servers] of Object.entries(sections)) {
    for (const [name, server] of Object.entries<PeerOptions>(servers)) {
      const problem = problemOf(server);
      if (problem !== undefined) findings.warnings.push(`${section}.${name}.${problem}`);
    }
  }
}

function problemOf(server: PeerOptions): string | undefined {
  const { CertificateFile = '', CertificateKeyFile = '', CertificateKeyPassword } = server;
  if (CertificateFile === '') return undefined;
  const files = { CertificateFile, ...(CertificateKeyFile !== '' && { CertificateKeyFile }) };
  const pem: string[] = [];
  for (const [option, file] of Object.entries(files)) {
    try {
      pem.push(readFileSync(file, 'utf8'));
    } catch (error) {
      return `${option}: ${file} cannot be read, ${reason(error)}: no request can be sent there`;
    }
  }
  try {
    createSecureContext({ cert: pem[0], key: pem.at(-1), passphrase: CertificateKeyPassword });
    return undefined;
  } catch {
    return 'CertificateFile: it and CertificateKeyFile must hold a certificate and its key in PEM form, which CertificateKeyPassword opens: no request can be sent there';
  }
}
