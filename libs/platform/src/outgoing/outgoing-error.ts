import { types } from 'node:util';
import { errors } from 'undici';

/**
 * timeout: silent for too long. broken: the connection ended amid a message, or what came is no HTTP. token: there is none
 * to be shown to the server. proxy: it does not let the request through.
 */
export type OutgoingErrorKind =
  'timeout' | 'unreachable' | 'certificate' | 'broken' | 'proxy' | 'too-large' | 'redirect' | 'configuration' | 'token';

/** A request to another server got no answer that can be used. The message names its host, no path, no credentials. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  constructor(
    readonly kind: OutgoingErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TIMEOUTS = ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'];
const UNREACHABLE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ECONNABORTED',
];
const CERTIFICATE = /CERT|SSL|TLS|UNABLE_TO_|SELF_SIGNED|CRL_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE/;

/**
 * What went wrong while `host` was spoken to. Others than those of connections stay as they are, such as the reason of
 * an AbortSignal, or what the body of the request failed with.
 */
export function asOutgoingError(error: unknown, host: string): unknown {
  if (error instanceof OutgoingError || !types.isNativeError(error)) return error;
  const refusal = reasonsOf(error).map(refusalOf).find(Boolean);
  if (refusal) {
    return new OutgoingError('proxy', `The proxy lets nothing through to ${host} (status ${refusal})`, {
      cause: error,
    });
  }
  const kind = kindOf(error);
  return kind ? new OutgoingError(kind, MESSAGES[kind](host), { cause: error }) : error;
}

/** The status that a proxy refuses CONNECT with, which undici says in its message alone. */
function refusalOf(error: Error): string | undefined {
  if (!(error instanceof errors.RequestAbortedError)) return undefined;
  return /^Proxy response \((\d{3})\) !== 200/.exec(error.message)?.[1];
}

function kindOf(
  error: Error,
): Exclude<OutgoingErrorKind, 'proxy' | 'redirect' | 'too-large' | 'configuration' | 'token'> | undefined {
  const reasons = reasonsOf(error);
  // errors of others have codes of their own kinds
  const codes = reasons.map((reason) => String((reason as NodeJS.ErrnoException).code ?? ''));
  if (codes.some((code) => TIMEOUTS.includes(code))) return 'timeout';
  if (codes.some((code) => UNREACHABLE.includes(code))) return 'unreachable';
  if (codes.some((code) => CERTIFICATE.test(code))) return 'certificate';
  if (codes.some((code) => code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_'))) return 'broken';
  return reasons.some(isFromClient) ? 'broken' : undefined;
}

/** What undici says of a connection or of what came over it. */
function isFromClient(error: Error): boolean {
  if (error instanceof errors.HTTPParserError) return true;
  return error instanceof errors.UndiciError && !(error instanceof errors.RequestAbortedError);
}

/** The error, its cause, and what several attempts to connect failed with. */
function reasonsOf(error: Error): Error[] {
  const inner: unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [error.cause];
  return [error, ...inner.filter(types.isNativeError)];
}

const MESSAGES = {
  timeout: (host: string) => `${host} did not answer in time`,
  unreachable: (host: string) => `${host} cannot be reached`,
  certificate: (host: string) => `No trusted connection to ${host}: check the certificates of both sides`,
  broken: (host: string) => `The connection to ${host} broke`,
} satisfies Partial<Record<OutgoingErrorKind, (host: string) => string>>;
