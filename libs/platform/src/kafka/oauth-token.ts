import { readFile } from 'node:fs/promises';

/** Where tokens come from. */
export type TokenSource =
  | { readonly file: string }
  | { readonly url: string; readonly clientId: string; readonly clientSecret: string; readonly scope?: string };

const TIMEOUT_MS = 10_000;
const MAX_ANSWER = 64 * 1024;

/** A token for one connection: from a file that something else renews, or by client credentials (RFC 6749, section 4.4). */
export async function fetchToken(source: TokenSource): Promise<string> {
  if ('file' in source) return (await readFile(source.file, 'utf8')).trim();
  const { url, clientId, clientSecret, scope } = source;
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: {
      authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
      accept: 'application/json',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The token service answers ${response.status}`);
  const { access_token: token } = JSON.parse(await boundedText(response)) as { readonly access_token?: unknown };
  if (typeof token !== 'string') throw new Error('The token service answers without a token');
  return token;
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MAX_ANSWER) throw new Error('The token service answers too much');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
