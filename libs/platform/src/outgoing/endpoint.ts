/** Where requests go: a server that Annal is a client of, and how it is spoken to. */
export interface Endpoint {
  /** http or https, with or without a path, which all requests are below of. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Sent with each request. May hold secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The Authorization header where it changes: asked for before each request, which fails as this does. */
  readonly authorization?: () => Promise<string>;
  /** The client certificate, PEM. */
  readonly certificateFile?: string;
  /** Its private key, PEM; absent: it is in `certificateFile`. */
  readonly certificateKeyFile?: string;
  readonly certificateKeyPassword?: string;
  /** So long it may be silent, s; absent or 0: HttpTimeout. */
  readonly timeout?: number;
}

/** The URL of a path of an endpoint: joined by one slash, whatever the two end and begin with, as Orthanc does. */
export function urlOf({ url }: Endpoint, path: string): URL {
  const joined = path === '' ? url : `${url.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  const target = new URL(joined);
  // sent as a header
  target.username = '';
  target.password = '';
  target.hash = '';
  return target;
}

/** The headers that each request to an endpoint has, in small letters: its own and its login. */
export function headersOf({ url, username, password, headers = {} }: Endpoint): Record<string, string> {
  const inUrl = new URL(url);
  const user = username ?? decoded(inUrl.username);
  const login = `${user}:${password ?? decoded(inUrl.password)}`;
  return {
    ...(login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
    ...inSmallLetters(headers),
  };
}

/** Without escapes; as it stands there where it has some that are none. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The endpoint with the Authorization header that it has now. */
export async function authorized({ authorization, ...endpoint }: Endpoint): Promise<Endpoint> {
  if (!authorization) return endpoint;
  return { ...endpoint, headers: { ...endpoint.headers, Authorization: await authorization() } };
}

/** The same headers with names in small letters. */
export function inSmallLetters(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
