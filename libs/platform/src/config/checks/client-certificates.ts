import { clientContext, ClientCertificateError } from '../client-certificate.js';
import { type AnnalConfiguration } from '../configuration.js';
import { type Findings } from '../source/source.js';
import { type PeerOptions } from '../types/remotes.js';

/** The client certificates shown to other servers. They may come later, with a mounted secret: a warning each. */
export function checkClientCertificates({ OrthancPeers, DicomWeb }: AnnalConfiguration, findings: Findings): void {
  const sections = { OrthancPeers, 'DicomWeb.Servers': DicomWeb.Servers };
  for (const [section, servers] of Object.entries(sections)) {
    for (const [name, server] of Object.entries<PeerOptions>(servers)) {
      const error = errorOf(server);
      if (!error) continue;
      const { option, unread, message } = error;
      const problem = unread ? `${unread.file} cannot be read, ${unread.reason}` : message;
      findings.warnings.push(`${section}.${name}.${option}: ${problem}. No request can be sent there`);
    }
  }
}

function errorOf({
  CertificateFile: file,
  CertificateKeyFile: keyFile,
  CertificateKeyPassword: password,
}: PeerOptions): ClientCertificateError | undefined {
  // a key without a certificate is nothing
  if (!file) return undefined;
  try {
    clientContext({ file, keyFile, password });
    return undefined;
  } catch (error) {
    if (error instanceof ClientCertificateError) return error;
    throw error;
  }
}
