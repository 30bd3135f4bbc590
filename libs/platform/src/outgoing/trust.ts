import { readFile } from 'node:fs/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { readOutgoingCertificateAuthorities } from '../config/index.js';
import type { AnnalConfiguration } from '../config/index.js';
import type { Endpoint } from './endpoint.js';
import { OutgoingError } from './outgoing-error.js';

/** What one side of a TLS connection shows and the other is checked with. */
export async function secureContextOf(configuration: AnnalConfiguration, endpoint: Endpoint): Promise<SecureContext> {
  const { certificateFile = '', certificateKeyFile = '', certificateKeyPassword } = endpoint;
  const cert = certificateFile === '' ? undefined : await pem('CertificateFile', certificateFile);
  const key = certificateKeyFile === '' ? cert : await pem('CertificateKeyFile', certificateKeyFile);
  const ca = readOutgoingCertificateAuthorities(configuration) ?? trustedBySystem();
  try {
    return createSecureContext({ ca, cert, key, passphrase: certificateKeyPassword });
  } catch (error) {
    const wanted = 'CertificateFile and CertificateKeyFile must hold a certificate and its key in PEM form';
    throw new OutgoingError('configuration', `The client certificate cannot be used: ${wanted}`, { cause: error });
  }
}

async function pem(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new OutgoingError('configuration', `The file of ${option} cannot be read`, { cause: error });
  }
}

let trusted: string[] | undefined;

/** The authorities of the operating system and of Node, NODE_EXTRA_CA_CERTS among them. */
function trustedBySystem(): string[] {
  trusted ??= [...new Set([...getCACertificates('system'), ...getCACertificates('default')])];
  return trusted;
}
