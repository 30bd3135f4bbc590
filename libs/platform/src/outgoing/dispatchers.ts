import { stat } from 'node:fs/promises';
import type { SecureContext } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import type { AnnalConfiguration } from '../config/index.js';
import { isLoopback } from '../http/loopback.js';
import type { Endpoint } from './endpoint.js';
import { secureContextOf } from './trust.js';

/** Others than these many, the least recently used first, are closed. */
const KEPT = 64;
/** ms: shorter than the second that Orthanc keeps an idle connection for, which must not end just as it is used again. */
const IDLE = 700;
/** ms in which a connection is not used any more before the end that the server announces: of a second, some is left. */
const BEFORE_ITS_END = 300;
/** Of the head of an answer, bytes. */
const MAX_HEAD = 64 * 1024;

/**
 * The connections of a process to other servers: those to servers that are shown the same certificate share them. Certificates
 * are read again once their files have changed.
 */
export class Dispatchers {
  private readonly kept = new Map<string, Promise<Dispatcher>>();
  constructor(private readonly configuration: AnnalConfiguration) {}

  /**
   * What requests to an endpoint go through: the proxy of HttpProxy, else that of the environment (http_proxy,
   * https_proxy, no_proxy), else none.
   * @throws OutgoingError where its certificates cannot be used
   */
  async of(endpoint: Endpoint, target: URL): Promise<Dispatcher> {
    const kind = `${target.protocol}${isLocal(target) ? 'local' : ''}`;
    const { certificateFile = '', certificateKeyFile = '', certificateKeyPassword = '' } = endpoint;
    const isSecure = target.protocol === 'https:';
    const shown = isSecure ? [certificateFile, certificateKeyFile, certificateKeyPassword] : [];
    const files = isSecure ? [certificateFile, certificateKeyFile, this.configuration.HttpsCACertificates] : [];
    const key = JSON.stringify([kind, shown, await Promise.all(files.map(stateOf))]);
    const known = this.kept.get(key);
    const dispatcher = known ?? this.make(endpoint, target);
    this.kept.delete(key);
    this.kept.set(key, dispatcher);
    // what cannot be made now may be once the files are there
    if (!known) dispatcher.catch(() => this.kept.delete(key));
    this.closeOldest();
    return dispatcher;
  }

  /** Ends all connections, also those in use. */
  async close(): Promise<void> {
    const open = [...this.kept.values()];
    this.kept.clear();
    await Promise.all(open.map((made) => made.then((dispatcher) => dispatcher.destroy()).catch(() => undefined)));
  }

  private closeOldest(): void {
    const [oldest] = this.kept;
    if (this.kept.size <= KEPT || !oldest) return;
    this.kept.delete(oldest[0]);
    void oldest[1].then(
      (dispatcher) => dispatcher.close(),
      () => undefined,
    );
  }

  private async make(endpoint: Endpoint, target: URL): Promise<Dispatcher> {
    const { HttpProxy, HttpsVerifyPeers } = this.configuration;
    const secureContext = target.protocol === 'https:' ? secureContextOf(this.configuration, endpoint) : undefined;
    const tls = { secureContext, rejectUnauthorized: HttpsVerifyPeers };
    const options: Agent.Options = {
      keepAliveTimeout: IDLE,
      keepAliveMaxTimeout: IDLE,
      keepAliveTimeoutThreshold: BEFORE_ITS_END,
      maxHeaderSize: MAX_HEAD,
      // silence is watched over by those who send
      headersTimeout: 0,
    };
    if (HttpProxy !== '') return new ProxyAgent({ ...options, ...proxy(HttpProxy), requestTls: requestTls(tls) });
    if (isLocal(target)) return new Agent({ ...options, connect: tls });
    return new EnvHttpProxyAgent({ ...options, connect: tls, requestTls: requestTls(tls) });
  }
}

/** Changes with a file; undefined where there is none. */
async function stateOf(file: string): Promise<readonly number[] | undefined> {
  if (file === '') return undefined;
  const state = await stat(file).catch(() => undefined);
  return state && [state.ino, state.size, state.mtimeMs];
}

type Tls = { secureContext: SecureContext | undefined; rejectUnauthorized: boolean };

/** undici hands all of it to tls.connect, whose options it does not list. */
function requestTls(tls: Tls): NonNullable<ProxyAgent.Options['requestTls']> {
  return tls;
}

function isLocal({ hostname }: URL): boolean {
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

/** `[user:password@]host:port`, with the scheme or without. */
function proxy(text: string): { uri: string; token?: string } {
  const url = new URL(/^https?:\/\//.test(text) ? text : `http://${text}`);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    uri: url.origin,
    ...(login === ':' ? {} : { token: `Basic ${Buffer.from(login).toString('base64')}` }),
  };
}
