import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { reason } from './source/files.js';

/** What is shown to another server, in PEM form. */
export interface ClientCertificate {
  readonly file?: string;
  /** Of its private key; absent: it is in `file`. */
  readonly keyFile?: string;
  /** Of that key. */
  readonly password?: string;
}

/** A client certificate cannot be used. The message names no file. */
export class ClientCertificateError extends Error {
  constructor(
    readonly option: 'CertificateFile' | 'CertificateKeyFile',
    message: string,
    /** What cannot be read, and why. */
    readonly unread?: { readonly file: string; readonly reason: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * What one side of a TLS connection shows, if anything, and the other is checked with.
 * @param ca PEM
 * @throws ClientCertificateError
 */
export function clientContext(
  { file = '', keyFile = '', password }: ClientCertificate,
  ca?: string | string[],
): SecureContext {
  const cert = file === '' ? undefined : readPem('CertificateFile', file);
  const key = keyFile === '' ? cert : readPem('CertificateKeyFile', keyFile);
  try {
    return createSecureContext({ ca, cert, key, passphrase: password });
  } catch (error) {
    const wanted = 'CertificateFile and CertificateKeyFile must hold a certificate and its key in PEM form';
    throw new ClientCertificateError(
      'CertificateFile',
      `The client certificate cannot be used: ${wanted}, which CertificateKeyPassword opens`,
      undefined,
      { cause: error },
    );
  }
}

function readPem(option: ClientCertificateError['option'], file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const unread = { file, reason: reason(error) };
    throw new ClientCertificateError(option, `The file of ${option} cannot be read`, unread, { cause: error });
  }
}
