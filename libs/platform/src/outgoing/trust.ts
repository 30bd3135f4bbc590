import { getCACertificates, type SecureContext } from 'node:tls';
import type { AnnalConfiguration } from '../config/index.js';
import { clientContext, ClientCertificateError, readOutgoingCertificateAuthorities } from '../config/index.js';
import type { Endpoint } from './endpoint.js';
import { OutgoingError } from './outgoing-error.js';

/**
 * What one side of a TLS connection shows and the other is checked with.
 * @throws OutgoingError where the client certificate cannot be used
 */
export function secureContextOf(configuration: AnnalConfiguration, endpoint: Endpoint): SecureContext {
  const { certificateFile: file, certificateKeyFile: keyFile, certificateKeyPassword: password } = endpoint;
  const ca = readOutgoingCertificateAuthorities(configuration) ?? trustedBySystem();
  try {
    return clientContext({ file, keyFile, password }, ca);
  } catch (error) {
    if (!(error instanceof ClientCertificateError)) throw error;
    throw new OutgoingError('configuration', error.message, { cause: error });
  }
}

let trusted: string[] | undefined;

/** The authorities of the operating system and of Node, NODE_EXTRA_CA_CERTS among them. */
function trustedBySystem(): string[] {
  trusted ??= [...new Set([...getCACertificates('system'), ...getCACertificates('default')])];
  return trusted;
}
