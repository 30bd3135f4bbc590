import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { AnnalConfiguration } from '../config/index.js';
import { Dispatchers } from './dispatchers.js';
import { authorized, type Endpoint, headersOf, inSmallLetters, urlOf } from './endpoint.js';
import { asOutgoingError, OutgoingError } from './outgoing-error.js';
import { collected } from './collected.js';
import { Silence } from './silence.js';
import { describeRequest, failureOf } from './verbose.js';

/** A request to a server. */
export interface OutgoingRequest {
  readonly method: string;
  /** Below the URL of the endpoint; may hold a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream of known length is sent with Content-Length, one of unknown length in chunks. */
  readonly body?: Buffer | { readonly stream: AsyncIterable<Uint8Array>; readonly length?: number };
  readonly signal?: AbortSignal;
}

export interface OutgoingAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** To be read to its end, or destroyed. Fails where the server is silent for too long (`asOutgoingError`). */
  readonly body: Readable;
}

export interface WholeAnswer extends Omit<OutgoingAnswer, 'body'> {
  readonly body: Buffer;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 10;

/**
 * Requests to other servers, with HttpProxy, HttpTimeout, HttpsVerifyPeers, HttpsCACertificates and HttpVerbose as
 * configured. GET and HEAD follow redirects; another origin gets neither login nor headers nor certificate of the
 * endpoint. Others are not sent a second time.
 */
export class OutgoingHttp {
  private readonly dispatchers: Dispatchers;

  constructor(
    private readonly configuration: AnnalConfiguration,
    private readonly logger: Pick<Logger, 'info'>,
  ) {
    this.dispatchers = new Dispatchers(configuration);
  }

  /**
   * Sends a request; the answer may have any status.
   * @throws OutgoingError where there is none; the reason of `signal`; what the stream that is sent fails with
   */
  async request(endpoint: Endpoint, request: OutgoingRequest): Promise<OutgoingAnswer> {
    let target = urlIn(endpoint, request.path);
    const allowed = await authorized(endpoint);
    let from = allowed;
    for (let redirects = 0; ; redirects++) {
      const answer = await this.send(from, from === allowed ? request : plain(request), target);
      const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
      if (typeof location !== 'string') return answer;
      answer.body.on('error', () => undefined).destroy();
      const next = redirected(request, location, target, redirects);
      if (next.origin !== target.origin) from = stranger(from, next);
      target = next;
    }
  }

  /**
   * The same with the whole body of the answer, for which the timeout of the endpoint holds as a whole.
   * @throws OutgoingError also for a body of more than `maxBytes`
   */
  async whole(endpoint: Endpoint, request: OutgoingRequest, maxBytes: number): Promise<WholeAnswer> {
    const { body, ...head } = await this.request(endpoint, request);
    const { host } = urlIn(endpoint, request.path);
    return { ...head, body: await collected(body, maxBytes, this.timeoutOf(endpoint), host) };
  }

  /** Ends all connections. */
  close(): Promise<void> {
    return this.dispatchers.close();
  }

  private async send(endpoint: Endpoint, request: OutgoingRequest, target: URL): Promise<OutgoingAnswer> {
    const { method, body, signal } = request;
    const headers = { 'user-agent': 'Annal', ...headersOf(endpoint), ...inSmallLetters(request.headers ?? {}) };
    const timeout = this.timeoutOf(endpoint);
    const dispatcher = await this.dispatchers.of(endpoint, target);
    const silence = new Silence(timeout, target.host);
    const began = performance.now();
    const tell = (outcome: { readonly status: number } | { readonly failure: string }): void => {
      if (!this.configuration.HttpVerbose) return;
      this.logger.info(describeRequest(request, target, endpoint, outcome, performance.now() - began), 'Sent');
    };
    try {
      signal?.throwIfAborted();
      const sent = body === undefined || Buffer.isBuffer(body) ? body : silence.during(body.stream);
      const length = Buffer.isBuffer(body) ? undefined : body?.length;
      const { statusCode, ...answer } = await dispatcher.request({
        origin: target.origin,
        path: `${target.pathname}${target.search}`,
        method: method,
        headers: length === undefined ? headers : { ...headers, 'content-length': String(length) },
        body: sent as Dispatcher.DispatchOptions['body'],
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
        bodyTimeout: timeout,
      });
      tell({ status: statusCode });
      return { status: statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      const reason = asOutgoingError(error, target.host);
      tell({ failure: failureOf(reason) });
      throw reason;
    } finally {
      silence.end();
    }
  }

  /** ms; a HttpTimeout of 0 means none, as for Orthanc. */
  private timeoutOf({ timeout = 0 }: Endpoint): number {
    return Math.min(timeout || this.configuration.HttpTimeout || LONGEST, LONGEST) * 1000;
  }
}

/** s: a timer cannot be set for more. */
const LONGEST = Math.floor((2 ** 31 - 1) / 1000);

function urlIn(endpoint: Endpoint, path: string): URL {
  try {
    return urlOf(endpoint, path);
  } catch (error) {
    throw new OutgoingError('configuration', 'The path cannot be part of a URL', { cause: error });
  }
}

function redirected({ method }: OutgoingRequest, location: string, from: URL, redirects: number): URL {
  const refuse = (why: string): never => {
    throw new OutgoingError('redirect', `${from.host} redirects ${why}`);
  };
  if (method !== 'GET' && method !== 'HEAD') return refuse('a request that is not sent twice');
  if (redirects === MAX_REDIRECTS) return refuse('too often');
  const next = URL.canParse(location, from.href) ? new URL(location, from) : refuse('to what is no URL');
  return next.protocol === 'https:' || next.protocol === from.protocol
    ? next
    : refuse('to where it cannot be followed');
}

/** Another origin, to which nothing of the endpoint is shown. */
function stranger({ timeout }: Endpoint, { origin }: URL): Endpoint {
  return { url: origin, timeout };
}

/** What another origin may see of a request. */
function plain({ headers = {}, ...request }: OutgoingRequest): OutgoingRequest {
  const shown = Object.entries(inSmallLetters(headers)).filter(([name]) => name === 'accept' || name === 'range');
  return { ...request, headers: Object.fromEntries(shown) };
}
