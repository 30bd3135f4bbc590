import { generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const { privateKey: PRIVATE, publicKey: PUBLIC } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const USER = { client_id: 'client-1', client_secret: 'hidden-secret', refresh_token: 'hidden-refresh' };

/** So much longer than it says a token is taken: on a busy machine a request is that long on its way, ms. */
const LEEWAY = 10_000;

/** What the stand-in does with a request for a token. */
export type TokenMood = 'give' | 'refuse' | 'fail' | 'silent' | 'nonsense' | 'flood' | 'redirect';

/** A request to a DICOM store that had a valid token. */
export interface StoreRequest {
  readonly method: string;
  /** Below the DICOMweb services of the store. */
  readonly path: string;
  readonly token: string;
}

/** Answers for a DICOM store. */
export type StoreAnswer = (request: IncomingMessage, path: string, response: ServerResponse) => Promise<void> | void;

/** Stands in for Google's token endpoint and for the Healthcare API: of one DICOM store, and with tokens that lapse. */
export class GoogleStandIn {
  mood: TokenMood = 'give';
  /** Of the tokens it gives, s. */
  lifetime = 3600;
  /** The tokens that were given. */
  readonly tokens: string[] = [];
  /** Requests for tokens, whatever became of them. */
  asked = 0;
  readonly served: StoreRequest[] = [];
  /** Requests to the store without a valid token. */
  turnedAway = 0;
  answer: StoreAnswer = (_request, _path, response) => void response.end('[]');
  private readonly ends = new Map<string, number>();

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
  }

  /** @param tls certificate and key; without: plain HTTP */
  static async start(tls?: { readonly cert: string; readonly key: string }): Promise<GoogleStandIn> {
    const server = tls ? createTlsServer(tls) : createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new GoogleStandIn(server, tls ? 'https' : 'http');
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.scheme}://${this.scheme === 'https' ? 'localhost' : '127.0.0.1'}:${this.port}`;
  }

  /** BaseUrl of the configuration. */
  get baseUrl(): string {
    return `${this.url}/v1beta1/`;
  }

  /** What the file of a service account holds. */
  get serviceAccount(): object {
    const private_key = PRIVATE.export({ type: 'pkcs8', format: 'pem' });
    const client_email = 'annal@project.iam.gserviceaccount.com';
    return { type: 'service_account', client_email, private_key, private_key_id: 'k', token_uri: this.tokenUrl };
  }

  /** What the file of a user holds. */
  get user(): typeof USER & { token_uri: string } {
    return { ...USER, token_uri: this.tokenUrl };
  }

  /** What must be nowhere but in requests. */
  get secrets(): readonly string[] {
    const { private_key } = this.serviceAccount as { private_key: string };
    return [...this.tokens, USER.client_secret, USER.refresh_token, private_key.split('\n')[3]!];
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private get tokenUrl(): string {
    return `${this.url}/token`;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/token') await this.giveToken(request, response);
    else await this.serveStore(request, response);
  }

  private async giveToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked++;
    const form = new URLSearchParams(await text(request));
    const json = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (this.mood === 'silent') return;
    if (this.mood === 'fail') return json(503, {});
    if (this.mood === 'flood') return void response.end(Buffer.alloc(10_000_000, ' '));
    if (this.mood === 'redirect') return void response.writeHead(307, { location: `${this.url}/elsewhere` }).end();
    if (this.mood === 'nonsense') return json(200, { token: 'none' });
    // what it was sent, so that a test can see that nobody repeats it
    if (this.mood === 'refuse' || !this.isRight(form, request.headers.host!)) {
      return json(400, { error: 'invalid_grant', error_description: `no: ${form.toString()}` });
    }
    const token = `ya29.hidden-${this.tokens.length}-${process.hrtime.bigint()}`;
    this.tokens.push(token);
    this.ends.set(token, Date.now() + this.lifetime * 1000 + LEEWAY);
    json(200, { access_token: token, expires_in: this.lifetime, token_type: 'Bearer' });
  }

  private isRight(form: URLSearchParams, host: string): boolean {
    if (form.get('grant_type') === 'refresh_token') {
      return Object.entries(USER).every(([name, value]) => form.get(name) === value);
    }
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return false;
    const [head = '', claims = '', signature = ''] = form.get('assertion')!.split('.');
    const { alg } = decoded(head);
    const { iss, aud, scope, iat, exp } = decoded(claims);
    const signed = verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), PUBLIC, Buffer.from(signature, 'base64url'));
    const { client_email } = this.serviceAccount as { client_email: string };
    const now = Date.now() / 1000;
    const isFresh = Math.abs(Number(iat) - now) < 60 && Number(exp) > now && Number(exp) - Number(iat) <= 3600;
    const isForHere = aud === `${this.scheme}://${host}/token`;
    const isForStores = scope === 'https://www.googleapis.com/auth/cloud-healthcare';
    return alg === 'RS256' && signed && iss === client_email && isFresh && isForHere && isForStores;
  }

  private async serveStore(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const store = /^\/v1beta1\/projects\/p\/locations\/europe-west2\/datasets\/d\/dicomStores\/s\/dicomWeb(\/.*)$/;
    const path = store.exec(request.url!)?.[1];
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (path === undefined) return void response.writeHead(404).end();
    if ((this.ends.get(token) ?? 0) < Date.now()) {
      this.turnedAway++;
      return void response.writeHead(401).end();
    }
    this.served.push({ method: request.method!, path, token });
    await this.answer(request, path, response);
  }
}

/** Where an account's DICOM store is, in the stand-in. */
export const STORE = { Project: 'p', Location: 'europe-west2', Dataset: 'd', DicomStore: 's' };

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}

/** Another key than the one the stand-in knows, in PEM form. */
export function otherKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}
